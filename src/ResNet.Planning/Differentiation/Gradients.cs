using ResNet.Planning.Graph;

namespace ResNet.Planning.Differentiation;

/// <summary>
/// Which buffer holds the gradient of which activation, during the backward pass. An addition hands its gradient on as it
/// is, so activations may share a buffer: until one of them changes it, which then takes a copy.
/// </summary>
/// <param name="pass">Writes a copy or an addition of gradients into the program.</param>
sealed class Gradients(Action<ValueNode, ValueNode, bool, Place> pass)
{
    readonly Dictionary<ValueNode, ValueNode> _buffers = [];
    readonly Dictionary<ValueNode, int> _holders = [];

    /// <summary>The gradient of an activation, to be read.</summary>
    public ValueNode Of(ValueNode activation) => _buffers[activation];

    /// <summary>Declares a buffer to be the gradient of an activation that has none yet.</summary>
    public void Begin(ValueNode activation, ValueNode buffer)
    {
        _buffers.Add(activation, buffer);
        _holders[buffer] = _holders.TryGetValue(buffer, out var count) ? count + 1 : 1;
    }

    /// <summary>Forgets an activation: what computed it has been gone back through.</summary>
    public void End(ValueNode activation)
    {
        _holders[_buffers[activation]]--;
        _buffers.Remove(activation);
    }

    /// <summary>The gradient of an activation, in a buffer of its own.</summary>
    public ValueNode ToChange(ValueNode activation, Place at)
    {
        var buffer = _buffers[activation];
        if (_holders[buffer] == 1) return buffer;
        var copy = new ValueNode(buffer.Shape);
        pass(buffer, copy, false, at);
        End(activation);
        Begin(activation, copy);
        return copy;
    }

    /// <summary>The buffer to which an operation writes an activation's gradient, or adds it if there is one already.</summary>
    public ValueNode ToAddTo(ValueNode activation, Place at, out bool isNew)
    {
        isNew = !_buffers.ContainsKey(activation);
        if (isNew) Begin(activation, new(activation.Shape));
        return ToChange(activation, at);
    }

    /// <summary>Gives an activation the gradient in a buffer: the buffer itself, if it has none yet.</summary>
    public void Contribute(ValueNode activation, ValueNode buffer, Place at)
    {
        if (_buffers.ContainsKey(activation)) pass(buffer, ToChange(activation, at), true, at);
        else Begin(activation, buffer);
    }
}
