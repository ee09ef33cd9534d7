namespace ResNet.Runtime.Weights.Python;

/// <summary>
/// A class, a function or an object of a program of its own, of which a pickle says more than is needed: only its name is kept.
/// Calls, settings and additions of the pickle change nothing in it.
/// </summary>
sealed record PickleObject(string Name);
