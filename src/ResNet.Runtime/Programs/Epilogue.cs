namespace ResNet.Runtime.Programs;

/// <summary>
/// What is done to a result before it is stored, in the order in which it is written:
/// <c>Then.Norm(5).Add(A).Relu()</c> normalizes with layer 5, adds slot A, and rectifies.
/// The full order is norm, ReLU, addition, store, norm, ReLU; every step may be left out.
/// Generated code writes it; <see langword="default"/> does nothing.
/// </summary>
public readonly record struct Epilogue
{
    // Layers and slots are stored plus one, so that the default value is "none".
    readonly int _innerNorm, _addend, _store, _outerNorm;

    /// <summary>Batch normalization before the addition: a layer, or none. Folded into a convolution's weights.</summary>
    public int? InnerNorm => None(_innerNorm);

    /// <summary>Whether the value is rectified before the addition (He et al. 2016, Figure 4c).</summary>
    public bool InnerRelu { get; private init; }

    /// <summary>Slot that is added, or none.</summary>
    public int? Addend => None(_addend);

    /// <summary>Whether the addend is subsampled and padded with zero channels to the result's shape (option A, He et al. 2015).</summary>
    public bool PadsAddend { get; private init; }

    /// <summary>Second slot, which receives the value as it is after the addition; or none. What pre-activation units need.</summary>
    public int? StoreSlot => None(_store);

    /// <summary>Batch normalization after the addition or the store: a layer, or none.</summary>
    public int? OuterNorm => None(_outerNorm);

    /// <summary>Whether the value that is stored last is rectified.</summary>
    public bool OuterRelu { get; private init; }

    Epilogue(Epilogue other, int? innerNorm = null, int? addend = null, int? store = null, int? outerNorm = null)
    {
        this = other;
        _innerNorm = innerNorm + 1 ?? _innerNorm;
        _addend = addend + 1 ?? _addend;
        _store = store + 1 ?? _store;
        _outerNorm = outerNorm + 1 ?? _outerNorm;
    }

    bool IsPastAddition => _addend != 0 || _store != 0;

    /// <summary>Normalizes with the statistics and parameters of a batch normalization layer.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <exception cref="InvalidOperationException">It would stand after a ReLU, out of the order.</exception>
    public Epilogue Norm(int layer)
    {
        if (OuterRelu) throw OutOfOrder(nameof(Norm));
        return IsPastAddition ? new(this, outerNorm: layer) : new(this, innerNorm: layer);
    }

    /// <summary>Rectifies.</summary>
    public Epilogue Relu() => this with { OuterRelu = true };

    /// <summary>Adds the value of a slot, which has the result's shape and may be the slot that the result goes to.</summary>
    /// <param name="slot">The slot.</param>
    /// <exception cref="InvalidOperationException">There is an addition or a store already.</exception>
    public Epilogue Add(int slot)
    {
        if (IsPastAddition) throw OutOfOrder(nameof(Add));
        return new(this with { InnerRelu = OuterRelu, OuterRelu = false }, addend: slot);
    }

    /// <summary>Adds the value of a slot, subsampled and padded with zero channels to the result's shape.</summary>
    /// <param name="slot">The slot; never the one that the result goes to.</param>
    /// <exception cref="InvalidOperationException">There is an addition or a store already.</exception>
    public Epilogue AddPadded(int slot) => Add(slot) with { PadsAddend = true };

    /// <summary>Stores the value so far in a second slot, which may be the addend's.</summary>
    /// <param name="slot">The slot.</param>
    /// <exception cref="InvalidOperationException">There is a store already, or a ReLU after the addition.</exception>
    public Epilogue Store(int slot)
    {
        if (_store != 0 || (_addend != 0 && OuterRelu) || _outerNorm != 0) throw OutOfOrder(nameof(Store));
        return new(_addend != 0 ? this : this with { InnerRelu = OuterRelu, OuterRelu = false }, store: slot);
    }

    static InvalidOperationException OutOfOrder(string step) =>
        new($"{step} is out of order: an epilogue is norm, ReLU, addition, store, norm, ReLU");

    static int? None(int stored) => stored == 0 ? null : stored - 1;
}
