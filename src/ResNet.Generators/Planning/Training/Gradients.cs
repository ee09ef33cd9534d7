namespace ResNet.Generators.Planning;

/// <summary>
/// Which buffer holds the gradient of which activation, as the backward pass goes on. An addition hands its gradient on as it
/// is, so activations may share a buffer: until one of them changes it, which then takes a copy.
/// </summary>
/// <param name="pass">Writes a copy or an addition of gradients into the program.</param>
sealed class Gradients(Action<Value, Value, bool, Place> pass)
{
    readonly Dictionary<Value, Value> _buffers = [];
    readonly Dictionary<Value, int> _holders = [];

    /// <summary>The gradient of an activation, to be read.</summary>
    public Value Of(Value activation) => _buffers[activation];

    /// <summary>Declares a buffer to be the gradient of an activation that has none yet.</summary>
    public void Begin(Value activation, Value buffer)
    {
        _buffers.Add(activation, buffer);
        _holders[buffer] = _holders.TryGetValue(buffer, out var count) ? count + 1 : 1;
    }

    /// <summary>Forgets an activation: what computed it has been gone back through.</summary>
    public void End(Value activation)
    {
        _holders[_buffers[activation]]--;
        _buffers.Remove(activation);
    }

    /// <summary>The gradient of an activation, in a buffer that is nobody else's.</summary>
    public Value ToChange(Value activation, Place at)
    {
        var buffer = _buffers[activation];
        if (_holders[buffer] == 1) return buffer;
        var copy = new Value(buffer.Shape);
        pass(buffer, copy, false, at);
        End(activation);
        Begin(activation, copy);
        return copy;
    }

    /// <summary>The buffer to which an operation writes an activation's gradient, or adds it if there is one already.</summary>
    public Value ToAddTo(Value activation, Place at, out bool isNew)
    {
        isNew = !_buffers.ContainsKey(activation);
        if (isNew) Begin(activation, new(activation.Shape));
        return ToChange(activation, at);
    }

    /// <summary>Gives an activation the gradient in a buffer: the buffer itself, if it has none yet.</summary>
    public void Contribute(Value activation, Value buffer, Place at)
    {
        if (_buffers.ContainsKey(activation)) pass(buffer, ToChange(activation, at), true, at);
        else Begin(activation, buffer);
    }
}
