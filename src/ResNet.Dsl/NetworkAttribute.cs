namespace ResNet.Dsl;

/// <summary>
/// Declares a network of its own on a <c>partial class</c> that has a method <c>static void Define(NetworkBuilder net)</c>.
/// The compiler reads that method; it may use whatever can be known before the program runs.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NetworkAttribute : Attribute;
