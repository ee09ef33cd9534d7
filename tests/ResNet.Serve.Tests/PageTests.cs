using PuppeteerSharp;

namespace ResNet.Serve.Tests;

/// <summary>The page in a real browser.</summary>
public sealed class PageTests(Server server) : IClassFixture<Server>
{
    [ChromiumFact]
    public async Task A_photo_that_is_chosen_gets_five_bars_and_a_text_a_reason()
    {
        using var folder = new TemporaryFolder();
        var complaints = new List<string>();
        // Without its sandbox, which root cannot have, it opens only the example's page.
        await using var browser = await Puppeteer.LaunchAsync(
            new() { ExecutablePath = ChromiumFactAttribute.Chromium, Headless = true, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        var page = await browser.NewPageAsync();
        page.Console += (_, e) => complaints.Add($"{e.Message.Type}: {e.Message.Text}");
        page.PageError += (_, e) => complaints.Add(e.Message);
        page.RequestFailed += (_, e) => complaints.Add($"{e.Request.Url}: {e.Request.FailureText}");
        await page.GoToAsync(server.Client.BaseAddress!.AbsoluteUri);

        var input = await page.QuerySelectorAsync("#file");
        await input.UploadFileAsync(folder.Write("photo.png", Uploads.Photo(2)));
        await page.WaitForSelectorAsync("#answer:not([hidden])");
        Assert.Equal(5, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('tbody tr').length"));
        var widths = await page.EvaluateExpressionAsync<double[]>("[...document.querySelectorAll('tbody i')].map(bar => bar.getBoundingClientRect().width)");
        Assert.Equal(widths.OrderDescending(), widths);
        Assert.True(widths[0] > 10);
        Assert.True(await page.EvaluateExpressionAsync<bool>("photo.naturalWidth > 0"));
        Assert.Empty(complaints);

        await input.UploadFileAsync(folder.Write("text.png", "a cat"));
        await page.WaitForSelectorAsync("#status.wrong");
        Assert.NotEqual("", await page.EvaluateExpressionAsync<string>("document.getElementById('status').textContent"));
        Assert.True(await page.EvaluateExpressionAsync<bool>("answer.hidden"));
        if (Environment.GetEnvironmentVariable("RESNET_SERVE_SCREENSHOT") is { } screenshot) await page.ScreenshotAsync(screenshot);
    }
}
