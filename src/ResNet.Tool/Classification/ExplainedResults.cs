using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Classification;

/// <summary>Draws where a network sees the likeliest class of each picture, and passes the results on.</summary>
sealed class ExplainedResults : ResultWriter<ClassifiedFile>, IDisposable
{
    const string Extension = ".png";

    readonly ResultWriter<ClassifiedFile> _results;
    readonly GradCam _explainer;
    readonly string _place;
    readonly Drawings? _drawings;

    /// <summary>Prepares to draw.</summary>
    /// <param name="results">Receives the results.</param>
    /// <param name="networks">The network.</param>
    /// <param name="place">A file, for one picture, or a folder.</param>
    /// <param name="inputs">The pictures.</param>
    /// <exception cref="ToolException">There are several networks, or several pictures for one file.</exception>
    public ExplainedResults(ResultWriter<ClassifiedFile> results, IReadOnlyList<Network> networks, string place, IReadOnlyList<string> inputs)
    {
        if (networks.Count > 1) throw new ToolException("--explain: one network is explained at a time, without --ensemble");
        var isFile = Path.GetExtension(place).Equals(Extension, StringComparison.OrdinalIgnoreCase);
        if (isFile && inputs.Count > 1) throw new ToolException($"--explain: {place} is one file for {inputs.Count} images; name a folder");
        if (isFile && inputs.Select(Path.GetFullPath).Contains(Path.GetFullPath(place))) throw new ToolException($"--explain: {place} is the image itself, which is not replaced");
        (_results, _place, _explainer) = (results, place, new(networks[0]));
        _drawings = isFile ? null : new(place, inputs, "explained");
    }

    public override void Write(ClassifiedFile file)
    {
        if (file.Error is null)
        {
            var picture = Image.Load(file.Path);
            var drawing = _explainer.Explain(picture, file.Predictions[0].Class).Draw(picture);
            if (_drawings is null) drawing.SavePng(_place);
            else _drawings.Save(file.Path, drawing);
        }
        _results.Write(file);
    }

    public override void End() => _results.End();

    public void Dispose() => _explainer.Dispose();
}
