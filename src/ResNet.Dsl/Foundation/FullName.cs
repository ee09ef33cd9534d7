namespace ResNet.Dsl;

/// <summary>Full names: the names of the scopes around a layer and its own, joined by dots.</summary>
static class FullName
{
    /// <summary>Joins the parts that are not empty.</summary>
    public static string Join(string scope, string name) =>
        scope.Length == 0 ? name : name.Length == 0 ? scope : scope + "." + name;

    /// <summary>Whether the name is that of a scope or layer, or of something in it.</summary>
    public static bool IsWithin(string name, string scope) =>
        name.StartsWith(scope, StringComparison.Ordinal) && (name.Length == scope.Length || name[scope.Length] == '.');
}
