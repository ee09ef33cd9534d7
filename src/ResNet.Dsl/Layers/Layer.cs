namespace ResNet.Dsl;

/// <summary>
/// A node of the layer tree: equatable, without any state but what declares it. Whatever holds for one kind of layer
/// stands with its record.
/// </summary>
/// <param name="Name">Name within the enclosing scope, torchvision's where there is one; empty for a node that opens no scope.</param>
public abstract record Layer(string Name)
{
    /// <summary>The output's shape per image.</summary>
    /// <exception cref="NetworkException">The layer cannot follow an input of that shape.</exception>
    internal abstract Shape OutputShape(Shape input);

    /// <summary>Describes the layer in the words of the papers' tables, <c>7×7, 64, stride 2</c>, or what a container does to its input.</summary>
    internal abstract string Describe(Shape input);

    /// <summary>The builder call that declares the layer; null if a container's call declares it, or if it is a container.</summary>
    internal abstract BuilderCall? Call { get; }

    /// <summary>Whether the layer goes without saying, as batch normalization and ReLU do in the papers' tables.</summary>
    internal virtual bool IsImplied => false;

    /// <summary>Whether parameters stand under the layer's name.</summary>
    internal virtual bool HasParameters => false;

    /// <summary>The parameter tensors of the layer under its full name.</summary>
    internal virtual IEnumerable<ParameterInfo> Parameters(string name, Shape input) => [];

    /// <summary>Multiply-adds per image, as the papers count them: of convolutions and dense layers.</summary>
    internal virtual long MultiplyAdds(Shape input, Shape output) => 0;

    /// <summary>
    /// Whether the gradient of its input follows from the values of its input, too; they are kept for it then. Of layers that do not
    /// say otherwise it does, which is right of every layer.
    /// </summary>
    public virtual bool BackwardReadsInput => true;

    /// <summary>Whether it changes values while training alone, by chance, and is the identity otherwise.</summary>
    public virtual bool ActsInTrainingAlone => false;

    /// <summary>Number of layers in the unrolled network.</summary>
    internal virtual long LayerCount => 1;

    /// <summary>
    /// The names that parameters stand under, within the enclosing scope. Activations and pools have none: each of them is
    /// "relu", as in torchvision.
    /// </summary>
    internal virtual IEnumerable<string> ParameterNames => HasParameters ? [Name] : [];

    /// <summary>Appends the layers that are executed, in their order.</summary>
    /// <returns>The output's shape.</returns>
    internal virtual Shape Unroll(Shape input, string scope, List<LayerInstance> rows)
    {
        var name = FullName.Join(scope, Name);
        var output = OutputShape(input);
        rows.Add(new(rows.Count, this, name, input, output, new(Parameters(name, input)), MultiplyAdds(input, output)));
        return output;
    }

    /// <summary>Appends the outputs of the network that the layer gives, in the order of execution.</summary>
    /// <returns>The output's shape.</returns>
    internal virtual Shape CollectOutputs(Shape input, List<NetworkOutput> outputs) => OutputShape(input);

    /// <summary>The same layer, with batch normalization frozen among the first <paramref name="count"/> layers that it unrolls to.</summary>
    internal virtual Layer Freeze(long count) => this;

    /// <summary>Whether the last thing that the layer does is to give a named output, as <see cref="Output"/> and <see cref="Branch"/> do.</summary>
    internal virtual bool EndsInOutput => false;
}
