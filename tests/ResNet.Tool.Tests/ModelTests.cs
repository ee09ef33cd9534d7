using System.Text.Json;

namespace ResNet.Tool.Tests;

/// <summary><c>models</c> and <c>summary</c>: what needs no weights.</summary>
public class ModelTests
{
    [Fact]
    public async Task The_models_have_the_published_numbers_of_parameters()
    {
        var parameters = (await Tool.RunJsonAsync("models")).EnumerateArray()
            .ToDictionary(model => model.GetProperty("name").GetString()!, model => model.GetProperty("parameters").GetInt64());

        // torchvision's documentation.
        Assert.Equal(11_689_512, parameters["resnet18"]);
        Assert.Equal(21_797_672, parameters["resnet34"]);
        Assert.Equal(25_557_032, parameters["resnet50"]);
        Assert.Equal(44_549_160, parameters["resnet101"]);
        Assert.Equal(60_192_808, parameters["resnet152"]);
        Assert.Equal(25_028_904, parameters["resnext50_32x4d"]);
        Assert.Equal(88_791_336, parameters["resnext101_32x8d"]);
        Assert.Equal(68_883_240, parameters["wide_resnet50_2"]);
        Assert.Equal(126_886_696, parameters["wide_resnet101_2"]);
        Assert.Equal(138_357_544, parameters["vgg16"]);
        Assert.Equal(143_678_248, parameters["vgg19_bn"]);
        // What timm counts.
        Assert.Equal(25_576_264, parameters["resnet50d"]);
        // He et al. 2015, Table 6, and He et al. 2016, Table 4, in millions.
        var millions = parameters.ToDictionary(model => model.Key, model => Math.Round(model.Value / 1e6, 2));
        Assert.Equal([0.27, 0.46, 0.66, 0.85, 1.73, 19.42], new[] { 20, 32, 44, 56, 110, 1202 }.Select(depth => millions[$"cifar-resnet{depth}"]));
        Assert.Equal([0.27, 0.46, 0.66, 0.85, 1.73], new[] { 20, 32, 44, 56, 110 }.Select(depth => millions[$"cifar-plain{depth}"]));
        Assert.InRange(millions["cifar-preact-resnet110"], 1.65, 1.75);
        Assert.InRange(millions["cifar-preact-resnet164"], 1.65, 1.75);
        Assert.InRange(millions["cifar-preact-resnet1001"], 10.15, 10.35);
        // Zagoruyko and Komodakis 2016, Table 4.
        Assert.Equal([36.5, 11.0], new[] { "cifar-wide28-10", "cifar-wide16-8" }.Select(name => Math.Round(parameters[name] / 1e6, 1)));
        Assert.True(millions["plain34"] < millions["resnet34"]);
        Assert.Equal(52, parameters.Count);
        // A backbone without its last layer, the region proposal network and the two sibling layers: torchvision's modules of the same shapes.
        Assert.Equal(25_557_032 - 2_049_000 + RegionProposals(1024) + Siblings(2048), parameters["fasterrcnn-resnet50"]);
        Assert.Equal(11_689_512 - 513_000 + RegionProposals(256) + Siblings(512), parameters["fasterrcnn-resnet18"]);
        Assert.Equal(parameters.Keys, parameters.Keys.Select(name => name.ToLowerInvariant()));
    }

    static int RegionProposals(int channels) => channels * channels * 9 + channels + 45 * (channels + 1);

    static int Siblings(int features) => (21 + 84) * (features + 1);

    [Fact]
    public async Task The_list_of_models_says_where_weights_are_from()
    {
        var (exitCode, output, error) = await Tool.RunAsync("models");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches(@"(?m)^resnet50 +25,557,032 +4,089,184,256 +published  ImageNet", output);
        Assert.Matches(@"(?m)^plain18 .* -  +ImageNet", output);
    }

    [Fact]
    public async Task A_summary_has_every_layer_and_the_totals()
    {
        var (exitCode, output, error) = await Tool.RunAsync("summary", "RESNET18");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches(@"(?m)^ *0 +conv1 +7×7, 64, stride 2 +64×112×112 +9,408 +118,013,952$", output);
        Assert.Matches(@"(?m)^ +total +11,689,512 +1,814,073,344$", output);

        var compact = (await Tool.RunAsync("summary", "cifar-resnet1202", "--compact")).Out;
        Assert.InRange(compact.Split('\n').Length, 10, 20);
    }

    [Fact]
    public async Task A_summary_as_JSON_adds_up()
    {
        var summary = await Tool.RunJsonAsync("summary", "cifar-resnet20");
        var layers = summary.GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal(("3×32×32", "10"), (summary.GetProperty("input").GetString(), summary.GetProperty("output").GetString()));
        Assert.Equal(20, layers.Count(layer => layer.GetProperty("multiplyAdds").GetInt64() > 0));
        Assert.Equal(summary.GetProperty("parameters").GetInt64(), layers.Sum(layer => layer.GetProperty("parameters").GetInt64()));
        Assert.Equal(40_551_040, layers.Sum(layer => layer.GetProperty("multiplyAdds").GetInt64()));
    }
}
