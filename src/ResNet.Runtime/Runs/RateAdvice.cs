using System.Globalization;

namespace ResNet.Runtime.Runs;

/// <summary>Advice on the learning rate where several ranks train together; it is never changed.</summary>
static class RateAdvice
{
    /// <summary>Epochs of warm-up of Goyal et al. 2017, section 2.2.</summary>
    const int WarmUpEpochs = 5;

    /// <summary>The images of a step, and the rate of the linear scaling rule (Goyal et al. 2017, section 2.1), which is one of gradient descent.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="images">Images of each rank's part of a step.</param>
    /// <param name="ranks">Number of ranks.</param>
    /// <param name="isDescent">Whether the weights follow by gradient descent.</param>
    public static string Of(double rate, long images, int ranks, bool isDescent)
    {
        var told = string.Create(CultureInfo.InvariantCulture, $"{ranks} ranks make steps of {images * ranks} images, {ranks} times those of one; the learning rate stays {rate}");
        return !isDescent ? told : string.Create(CultureInfo.InvariantCulture,
            $"{told}. If it was chosen for one rank, Goyal et al. 2017 suggest {ranks} times as much, {rate * ranks:0.######}, after {WarmUpEpochs} epochs of warm-up");
    }
}
