namespace ResNet.Runtime.Weights.Python;

/// <summary>The names that the pickles of one program may use: a short list, each of which stands for inert data.</summary>
abstract class PickleDialect
{
    /// <summary>The program that writes such pickles.</summary>
    public abstract string Writer { get; }

    /// <summary>The longest text that is read, in bytes.</summary>
    public virtual int MaxText => 1 << 20;

    /// <summary>Whether Python 2's strings are bytes, and not text.</summary>
    public virtual bool StringsAreBytes => false;

    /// <summary>The value of a global name, an enumeration's if it may be called, or null where it is none of the list.</summary>
    public abstract object? Find(string name);

    /// <summary>The value of a name that is none of the list, or an error that refuses it.</summary>
    public abstract PickleObject Unknown(string name);

    /// <summary>The value that a call makes, or null where its arguments are not those that the program writes.</summary>
    public abstract object? Call(Enum callee, object?[] arguments);

    /// <summary>Sets what a call made to a state; false where it has none.</summary>
    public abstract bool SetState(object? target, object? state);

    /// <summary>Returns the value of a reference outside the pickle, or null if there can be none.</summary>
    public virtual object? Find(object?[] reference) => null;

    /// <summary>An error that names the file.</summary>
    public abstract Exception Invalid(string problem);
}
