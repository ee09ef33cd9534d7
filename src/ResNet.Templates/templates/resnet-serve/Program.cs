using ResNet.Runtime;
using ResNet.Zoo;

// Classifies uploaded pictures over HTTP:
//   dotnet run                                       MODEL_NAME with torchvision's weights, which are fetched once
//   dotnet run -- --weights shapes.safetensors       a network that was trained and saved
//   curl --data-binary @photo.jpg http://localhost:5000/classify

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 20_000_000);
var app = builder.Build();

// Concurrent requests share the classifier; it lives as long as the program.
var classifier = app.Configuration["weights"] is { } file
    ? Classifier.Open(file)
    : new Classifier(await Models.Find("MODEL_NAME").CreatePretrainedAsync());

app.MapGet("/healthz", () => "healthy");
app.MapPost("/classify", async (HttpRequest request, CancellationToken cancellationToken) =>
{
    try
    {
        return Results.Ok(await classifier.ClassifyAsync(request.Body, top: 5, cancellationToken));
    }
    catch (ImageException e)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status415UnsupportedMediaType);
    }
});
app.Run();
