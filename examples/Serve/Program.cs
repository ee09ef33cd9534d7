using Prometheus;
using ResNet.Runtime;

// Names what uploaded photos show, over HTTP:
//   dotnet run --project examples/Serve                             the CIFAR-10 network that comes with it
//   dotnet run --project examples/Serve -- --model runs/photos      what "resnet train" has saved
//   curl --data-binary @photo.jpg localhost:5000/classify           or open http://localhost:5000

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 20_000_000);
var app = builder.Build();
using var classifier = Classifier.Open(app.Configuration["model"] ?? Path.Combine(AppContext.BaseDirectory, "cifar-resnet20.safetensors"));

app.UseFileServer().UseRouting().UseHttpMetrics();
app.MapMetrics();
app.MapGet("/healthz", () => "healthy");
app.MapPost("/classify", async (HttpRequest request, CancellationToken cancellationToken) =>
{
    try
    {
        var photo = request.HasFormContentType ? (await request.ReadFormAsync(cancellationToken)).Files[0].OpenReadStream() : request.Body;
        return Results.Ok(await classifier.ClassifyAsync(photo, top: 5, cancellationToken));
    }
    catch (Exception e) when (e is ImageException or ArgumentOutOfRangeException or InvalidDataException)
    {
        return Results.Problem(e is ImageException ? e.Message : "There is no file in the form", statusCode: StatusCodes.Status415UnsupportedMediaType);
    }
});
app.Run();
