using System.CommandLine;

namespace ResNet.Tool.Commands;

/// <summary>A command with examples in its help.</summary>
sealed class ToolCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
