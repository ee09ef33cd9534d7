using System.Globalization;
using PuppeteerSharp;
using ResNet.Runtime.Evaluation;

namespace ResNet.Reports.Tests;

/// <summary>Opens reports in a real browser.</summary>
public sealed class BrowserTests : IAsyncLifetime, IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly List<string> _complaints = [];
    readonly List<string> _requests = [];
    IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (ChromiumFactAttribute.Chromium is not { } chromium) return;
        // Without its sandbox, which root cannot have, it opens only what these tests write.
        _browser = await Puppeteer.LaunchAsync(new() { ExecutablePath = chromium, Headless = true, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task A_report_opens_without_errors_and_shows_what_was_computed()
    {
        var report = Evaluations.TenClasses();
        var page = await OpenAsync(report);

        Assert.Empty(_complaints);
        Assert.Equal([new Uri(_folder.File("report.html")).AbsoluteUri], _requests);
        Assert.Equal(24, await page.EvaluateExpressionAsync<int>("document.images.length"));
        Assert.True(await page.EvaluateExpressionAsync<bool>("[...document.images].every(image => image.complete && image.naturalWidth == 32 && image.alt != '')"));

        Assert.Equal(report.Result.Top1Accuracy.ToString("P2", CultureInfo.InvariantCulture), await TextAsync(page, "#top1"));
        Assert.Equal(report.Result.Top5Accuracy.ToString("P2", CultureInfo.InvariantCulture), await TextAsync(page, "#top5"));
        Assert.Equal(report.Labels[0], await TextAsync(page, ".matrix tbody th"));
        var error = new Calibration(report.Result.Predictions).ExpectedError!.Value;
        Assert.Equal(error.ToString("P1", CultureInfo.InvariantCulture), await TextAsync(page, "#ece"));

        var cells = await page.EvaluateExpressionAsync<int[][]>("[...document.querySelectorAll('.matrix tbody tr')].map(row => [...row.querySelectorAll('td')].map(cell => +cell.innerText))");
        Assert.Equal(10, cells.Length);
        for (var row = 0; row < 10; row++)
        {
            var images = report.Result.Predictions.Where(answer => answer.Class == row).ToList();
            Assert.Equal([.. Enumerable.Range(0, 10).Select(column => images.Count(answer => answer.Predicted == column)), images.Count], cells[row]);
        }
    }

    [ChromiumFact]
    public async Task Of_a_thousand_classes_the_most_confused_are_shown()
    {
        var page = await OpenAsync(Evaluations.ManyClasses(1000));
        Assert.Empty(_complaints);
        Assert.Equal(20, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('.matrix tbody tr').length"));
        // With the column of all other classes, a row adds up.
        Assert.True(await page.EvaluateExpressionAsync<bool>(
            "[...document.querySelectorAll('.matrix tbody tr')].every(row => { const cells = [...row.querySelectorAll('td')].map(cell => +cell.innerText); return cells.pop() == cells.reduce((sum, cell) => sum + cell, 0); })"));
    }

    [ChromiumFact]
    public async Task A_phone_scrolls_in_one_direction()
    {
        var page = await OpenAsync(Evaluations.ManyClasses(20));
        await page.SetViewportAsync(new() { Width = 360, Height = 740 });
        Assert.InRange(await page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth"), 1, 360);
    }

    [ChromiumFact]
    public async Task Text_can_be_read_in_light_and_dark()
    {
        var page = await OpenAsync(Evaluations.TenClasses());
        foreach (var scheme in (string[])["light", "dark"])
        {
            await page.EmulateMediaFeaturesAsync([new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
            // WCAG 2.1, success criterion 1.4.3: a contrast of 4.5, of text in pages and in charts.
            var contrasts = await page.EvaluateFunctionAsync<double[]>("""
                () => {
                    const parts = color => color.match(/[\d.]+/g).map(Number);
                    const linear = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
                    const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
                    const paper = luminance(parts(getComputedStyle(document.body).backgroundColor));
                    const contrast = color => { const light = luminance(parts(color)); return (Math.max(light, paper) + 0.05) / (Math.min(light, paper) + 0.05); };
                    return [...document.querySelectorAll('h1, p, th, .muted, .wrong-text')].map(element => contrast(getComputedStyle(element).color))
                        .concat([...document.querySelectorAll('svg text')].map(text => contrast(getComputedStyle(text).fill)));
                }
                """);
            Assert.True(contrasts.Length > 100);
            Assert.True(contrasts.Min() >= 4.5, $"{scheme}: {contrasts.Min()}");
        }
        Assert.Empty(_complaints);
    }

    [ChromiumFact]
    public async Task A_person_who_does_not_see_is_told()
    {
        var page = await OpenAsync(Evaluations.TenClasses());
        Assert.True(await page.EvaluateExpressionAsync<bool>("[...document.querySelectorAll('th')].every(header => header.scope != '')"));
        Assert.True(await page.EvaluateExpressionAsync<bool>("[...document.querySelectorAll('svg')].every(chart => chart.getAttribute('role') == 'img' && chart.getAttribute('aria-label').length > 20)"));
        Assert.Equal(4, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('svg').length"));
        Assert.Equal("en", await page.EvaluateExpressionAsync<string>("document.documentElement.lang"));
    }

    async Task<IPage> OpenAsync(EvaluationReport report)
    {
        var file = _folder.File("report.html");
        report.Write(file);
        var page = await _browser!.NewPageAsync();
        page.Console += (_, e) => _complaints.Add($"{e.Message.Type}: {e.Message.Text}");
        page.PageError += (_, e) => _complaints.Add(e.Message);
        page.RequestFailed += (_, e) => _complaints.Add($"{e.Request.Url}: {e.Request.FailureText}");
        page.Request += (_, e) =>
        {
            if (!e.Request.Url.StartsWith("data:", StringComparison.Ordinal)) _requests.Add(e.Request.Url);
        };
        await page.GoToAsync(new Uri(file).AbsoluteUri, WaitUntilNavigation.Networkidle0);
        return page;
    }

    static Task<string> TextAsync(IPage page, string selector) =>
        page.EvaluateFunctionAsync<string>("selector => document.querySelector(selector).innerText", selector);
}
