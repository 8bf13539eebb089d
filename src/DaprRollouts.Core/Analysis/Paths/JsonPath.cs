namespace DaprRollouts.Core.Analysis.Paths;

/// <summary>
/// A JSONPath template as kubectl knows it: text, and paths in braces, such as <c>{$.items[?(@.name=="web")].value}</c>. Without braces
/// everything is text.
/// </summary>
public sealed class JsonPath
{
    private readonly IReadOnlyList<PathPart> _parts;

    private JsonPath(IReadOnlyList<PathPart> parts) => _parts = parts;

    /// <exception cref="JsonPathException">The template cannot be read.</exception>
    public static JsonPath Parse(string template) => new(new PathReader(template).Read());

    /// <summary>The first value that the template yields.</summary>
    /// <exception cref="JsonPathException">It yields none.</exception>
    public object? First(object? root)
    {
        if (_parts.Count == 0)
        {
            throw new JsonPathException("the path is empty");
        }

        var values = _parts.SelectMany(part => part.Apply([root])).ToList(); // a later part may have no value, which is an error all the same
        return values.Count > 0 ? values[0] : throw new JsonPathException("the path produced no value");
    }
}
