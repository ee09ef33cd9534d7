using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ResNet.Dsl;

namespace ResNet.Generators.Parsing.Evaluation;

// Numbers, booleans, strings and null are themselves; an enum member is its number; arrays and collections are object?[].

/// <summary>A tuple.</summary>
internal sealed record TupleValue(EquatableArray<object?> Items);

/// <summary>An index from the end of an array, <c>^1</c>.</summary>
internal sealed record IndexFromEnd(int Offset);

/// <summary>Something that can be called: a method of the source, a local function or a lambda with the scope around it.</summary>
internal sealed class Function(IMethodSymbol symbol, IBlockOperation body, Scope? closure)
{
    public IMethodSymbol Symbol { get; } = symbol;

    public IBlockOperation Body { get; } = body;

    public Scope? Closure { get; } = closure;
}

/// <summary>A function as a value, with the call that made it one.</summary>
internal sealed record DelegateValue(Function Function, Frame Creator);

/// <summary>
/// One call that is under way. For a delegate, its caller is the call that created it: a function that is called
/// through a lambda that was passed on does not recurse.
/// </summary>
internal sealed record Frame(Function Function, Frame? Caller)
{
    public bool Includes(Function function) => Function == function || Caller?.Includes(function) == true;
}

/// <summary>The variables of one block, within those of the blocks around it.</summary>
internal sealed class Scope(Scope? parent, Frame frame)
{
    static readonly object _unassigned = new();

    Dictionary<ISymbol, object?>? _values;

    public Frame Frame { get; } = frame;

    /// <summary>Declares a variable that has no value yet.</summary>
    public void Declare(ISymbol symbol) => Declare(symbol, _unassigned);

    public void Declare(ISymbol symbol, object? value)
    {
        _values ??= new(SymbolEqualityComparer.Default);
        _values[symbol] = value;
    }

    /// <summary>The scope that declares a variable: this one or the nearest around it; null if none does.</summary>
    public Scope? Holder(ISymbol symbol) => _values?.ContainsKey(symbol) == true ? this : parent?.Holder(symbol);

    /// <summary>The value of a variable that this very scope declares.</summary>
    /// <exception cref="InvalidSourceException">It is read before it is assigned.</exception>
    public object? this[ISymbol symbol]
    {
        get => _values![symbol] is var value && value != _unassigned ? value : throw new InvalidSourceException();
        set => _values![symbol] = value;
    }
}
