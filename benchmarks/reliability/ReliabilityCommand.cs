using System.CommandLine;
using ResNet.Reliability.Faults;
using ResNet.Reliability.Kills;
using ResNet.Reliability.Output;
using ResNet.Reliability.Soak;

namespace ResNet.Reliability;

/// <summary>The command line.</summary>
static class ReliabilityCommand
{
    static readonly Option<string> _tool = new("--tool")
    {
        Description = "The tool's resnet.dll; the one that was built with this program if not given",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "resnet.dll"),
    };

    static readonly Option<string?> _folder = new("--folder") { Description = "A folder for runs, which stays; a temporary one, which is removed, if not given", HelpName = "DIR" };

    public static RootCommand Create()
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Signals, mounts and watched files are Linux'");
        return new("Kills training runs, fills disks, and classifies for hours: what must not lose or leak anything.") { Kill(), Fault(), Networks(), Server(), Fetch() };
    }

    static Command Kill()
    {
        var kills = Number("--kills", "Kills after which it ends", 500);
        var minutes = Number("--minutes", "Minutes after which it ends in any case", 120);
        var seed = Number("--seed", "Decides settings and moments", 1);
        var command = new Command("kill", "Kills training runs at random moments, resumes them and compares with undisturbed ones") { kills, minutes, seed, _tool, _folder };
        command.SetAction(parsed => InFolder(parsed, folder => new KillCampaign(
            new(parsed.GetRequiredValue(_tool)), folder, parsed.GetValue(kills), TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed), Console.Out).Run()));
        return command;
    }

    static Command Fault()
    {
        var command = new Command("faults", "A full disk, a read-only folder, files that vanish, a shared cache, a clock that jumps (as root, for mounts)") { _tool, _folder };
        command.SetAction(parsed => InFolder(parsed, folder => new FaultCases(new(parsed.GetRequiredValue(_tool)), folder, Console.Out).Run()));
        return command;
    }

    static Command Networks()
    {
        var minutes = Number("--minutes", "How long", 30);
        var chart = Chart();
        var command = new Command("soak", "Eight threads classify, replace weights, change sizes, dispose and recreate networks") { minutes, chart };
        command.SetAction(parsed => new NetworkSoak(TimeSpan.FromMinutes(parsed.GetValue(minutes))).Run(parsed.GetValue(chart), Console.Out) ? 0 : 1);
        return command;
    }

    static Command Server()
    {
        var minutes = Number("--minutes", "How long", 10);
        var chart = Chart();
        var server = new Option<string>("--server") { Description = "The Serve.dll of examples/Serve", HelpName = "FILE", Required = true };
        var command = new Command("serve", "The ASP.NET example under load on loopback") { minutes, chart, server };
        command.SetAction(parsed => new ServerSoak(parsed.GetRequiredValue(server), TimeSpan.FromMinutes(parsed.GetValue(minutes))).Run(parsed.GetValue(chart), Console.Out) ? 0 : 1);
        return command;
    }

    /// <summary>One of the processes of <see cref="CacheFault"/>.</summary>
    static Command Fetch()
    {
        var arguments = new Argument<string[]>("ARGUMENTS") { Arity = new(3, 3) };
        var command = new Command(CacheFault.Command) { arguments };
        command.Hidden = true;
        command.SetAction((parsed, _) => parsed.GetRequiredValue(arguments) is [var file, var cache, var address] ? CacheFault.FetchAsync(file, cache, address, Console.Out) : Task.CompletedTask);
        return command;
    }

    static Option<int> Number(string name, string description, int usual) => new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };

    static Option<string?> Chart() => new("--chart") { Description = "File for the figures over time, as SVG", HelpName = "FILE" };

    static int InFolder(ParseResult parsed, Func<string, bool> run)
    {
        if (parsed.GetValue(_folder) is { } named)
        {
            Directory.CreateDirectory(named);
            return run(named) ? 0 : 1;
        }
        var folder = Directory.CreateTempSubdirectory("resnet-reliability-").FullName;
        try
        {
            return run(folder) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
