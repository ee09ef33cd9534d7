namespace ResNet.Runtime.Tests.Detection.Boxes;

/// <summary>Boxes in a square of 100 pixels, on whole pixels, so that some overlap equally.</summary>
static class RandomBoxes
{
    public static Box[] Draw(Random random, int count, int greatest = 40) => [.. Enumerable.Range(0, count).Select(_ => Draw(random, greatest))];

    static Box Draw(Random random, int greatest)
    {
        var (x, y) = (random.Next(100 - greatest), random.Next(100 - greatest));
        return new(x, y, x + random.Next(1, greatest), y + random.Next(1, greatest));
    }
}
