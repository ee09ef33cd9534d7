using System.CommandLine;
using ResNet.Experiments.Budgets;

namespace ResNet.Tool.Commands;

/// <summary>The options that say how long an experiment trains: <c>--budget</c>, <c>--epochs</c> or <c>--full</c>.</summary>
sealed class EffortOptions
{
    static readonly TimeSpan _usual = TimeSpan.FromMinutes(5);

    readonly Option<TimeSpan> _budget = new("--budget")
    {
        Description = $"Time for all runs together, such as 90s, 10m or 1.5h: the schedule shrinks to what fits; {Duration.Format(_usual)} if nothing else is said",
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!Duration.TryParse(text, out var time)) result.AddError($"--budget: expected a time such as 90s, 10m or 1.5h, at most 30 days, found \"{text}\"");
            return time;
        },
    };

    readonly Option<int> _epochs = CommonOptions.Number("--epochs", "Passes of each run over all training images, instead of a budget", "N", least: 1, most: 100_000, usual: 1);

    readonly Option<bool> _full = new("--full") { Description = "Train all networks as the paper does, instead of a budget" };

    /// <summary>Adds the options to a command, of which one at most may be given.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [_budget, _epochs, _full];
        _epochs.DefaultValueFactory = null;
        foreach (var option in all) command.Add(option);
        command.Validators.Add(result =>
        {
            var given = all.Where(option => result.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToList();
            if (given.Count > 1) result.AddError($"{string.Join(" and ", given)} exclude each other");
        });
    }

    /// <summary>Returns the effort of a command line.</summary>
    public Effort Read(ParseResult parsed) =>
        parsed.GetValue(_full) ? Effort.Full
        : parsed.GetResult(_epochs) is { Implicit: false } ? Effort.For(parsed.GetValue(_epochs))
        : Effort.Within(parsed.GetResult(_budget) is { Implicit: false } ? parsed.GetValue(_budget) : _usual);
}
