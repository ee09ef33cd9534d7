using System.Globalization;
using ResNet.Peers.Contenders;
using ResNet.Tool.Output;

namespace ResNet.Peers.Measuring;

/// <summary>Checks that all programs compute the same before it is of interest how fast they do it.</summary>
static class Agreement
{
    // Rounding, minimal filtering's included, leaves less than a tenth of it; a layer that is left out or wired otherwise, far more.
    const double Most = 1e-3;

    /// <summary>Runs each program once and compares what it yields with the first one's.</summary>
    /// <returns>The greatest difference, in parts of the greatest value.</returns>
    /// <exception cref="ToolException">A program computes something else.</exception>
    public static double Check(IReadOnlyList<IContender> contenders)
    {
        foreach (var contender in contenders) contender.Run();
        var expected = contenders[0].Result;
        var scale = expected.Max(Math.Abs);
        var greatest = 0.0;
        foreach (var contender in contenders.Skip(1))
        {
            var difference = (double)expected.Zip(contender.Result, (one, other) => Math.Abs(one - other)).Max() / scale;
            // What is not a number agrees with nothing.
            if (!(difference <= Most))
                throw new ToolException(string.Create(CultureInfo.InvariantCulture,
                    $"{contender.Program} and {contenders[0].Program} differ by {difference:G2} of the greatest result; at most {Most} is rounding"));
            greatest = Math.Max(greatest, difference);
        }
        return greatest;
    }
}
