namespace ResNet.Runtime.Weights.Python;

/// <summary>
/// A class, a function or an object of a program of its own, of which a pickle says more than is needed: only its name is kept.
/// Whatever the pickle calls, sets or adds on it changes nothing.
/// </summary>
sealed record PickleObject(string Name);
