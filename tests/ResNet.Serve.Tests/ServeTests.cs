using System.Net;
using System.Net.Http.Json;
using ResNet.Runtime;

namespace ResNet.Serve.Tests;

/// <summary>The example answers what the library answers, and refuses what is no photo.</summary>
public sealed class ServeTests(Server server) : IClassFixture<Server>
{
    /// <summary>Each kind of upload that no server may fall over.</summary>
    public static TheoryData<string> Hostile => [.. Uploads.Hostile.Keys];

    [Fact]
    public async Task A_photo_gets_the_predictions_of_the_library()
    {
        using var classifier = Classifier.Open(Uploads.Weights);
        var expected = classifier.Classify(Uploads.Photo(3));
        foreach (var response in new[] { await PostAsync(Uploads.Photo(3)), await PostFormAsync(Uploads.Photo(3)) })
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(expected, await response.Content.ReadFromJsonAsync<List<Prediction>>());
        }
    }

    [Theory, MemberData(nameof(Hostile))]
    public async Task Anything_else_is_refused_with_a_reason(string kind)
    {
        var response = await PostAsync(Uploads.Hostile[kind]());
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.NotEqual("", (await response.Content.ReadFromJsonAsync<Problem>())!.Detail);
    }

    [Fact]
    public async Task A_form_without_a_file_and_a_body_that_is_too_large_are_refused()
    {
        using var form = new MultipartFormDataContent { { new StringContent("a cat"), "text" } };
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await server.Client.PostAsync(new Uri("classify", UriKind.Relative), form)).StatusCode);
        // The client waits for the server's word before it sends.
        using var large = new HttpRequestMessage(HttpMethod.Post, new Uri("classify", UriKind.Relative))
        {
            Content = new ByteArrayContent(new byte[21_000_000]),
            Headers = { ExpectContinue = true },
        };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.Client.SendAsync(large)).StatusCode);
    }

    [Fact]
    public async Task It_tells_its_health_and_its_metrics()
    {
        Assert.Equal("healthy", await server.Client.GetStringAsync(new Uri("healthz", UriKind.Relative)));
        await PostAsync(Uploads.Photo(1));
        var metrics = await server.Client.GetStringAsync(new Uri("metrics", UriKind.Relative));
        Assert.Contains("http_request_duration_seconds_count{code=\"200\",method=\"POST\"", metrics, StringComparison.Ordinal);
        Assert.Contains("process_working_set_bytes", metrics, StringComparison.Ordinal);
    }

    Task<HttpResponseMessage> PostAsync(byte[] body) => server.Client.PostAsync(new Uri("classify", UriKind.Relative), new ByteArrayContent(body));

    async Task<HttpResponseMessage> PostFormAsync(byte[] file)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "photo", "photo.png" } };
        return await server.Client.PostAsync(new Uri("classify", UriKind.Relative), form);
    }

    sealed record Problem(string Detail);
}
