using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Selects objects by those of their fields that their kind offers for it.</summary>
internal sealed class FieldSelector
{
    private readonly List<(Func<StoredObject, string> Field, string Value, bool IsEqual)> _terms = [];

    public bool IsEverything => _terms.Count == 0;

    public static FieldSelector Parse(ResourceType type, string? text)
    {
        var selector = new FieldSelector();
        foreach (var term in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var isEqual = !term.Contains("!=");
            var at = term.IndexOf('=');
            if (at < 1)
            {
                throw ApiFailure.BadRequest($"invalid field selector: {term}");
            }
            var name = term[..at].TrimEnd('!');
            selector._terms.Add((FieldOf(type, name), term[(at + 1)..].TrimStart('='), isEqual));
        }
        return selector;
    }

    public bool Matches(StoredObject item) => _terms.TrueForAll(t => (t.Field(item) == t.Value) == t.IsEqual);

    private static Func<StoredObject, string> FieldOf(ResourceType type, string name) => name switch
    {
        "metadata.name" => item => item.Key.Name,
        "metadata.namespace" => item => item.Key.Namespace,
        _ when type.SelectableFields.TryGetValue(name, out var field) => item => field(item.Content),
        _ => throw ApiFailure.BadRequest($"field label not supported: {name}"),
    };
}
