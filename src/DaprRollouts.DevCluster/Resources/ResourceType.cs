using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Schema;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>Where the scale subresource of a type finds its numbers.</summary>
internal sealed record ScalePaths(IReadOnlyList<string> SpecReplicas, IReadOnlyList<string> StatusReplicas, IReadOnlyList<string>? Selector);

/// <summary>One column of a table; Priority above 0 is shown only in wide tables.</summary>
internal sealed record TableColumn(string Name, string Type, string Format, string Description, int Priority, Func<JsonObject, DateTimeOffset, JsonNode?> Cell);

/// <summary>One kind in one version, as the API serves it.</summary>
internal sealed class ResourceType
{
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public string Singular { get; init; } = "";

    public string ListKind => $"{Kind}List";

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool IsNamespaced { get; init; } = true;

    public bool HasStatus { get; init; }

    public bool TracksGeneration { get; init; }

    /// <summary>Whether labels can be written with the status.</summary>
    public bool StatusMayLabel { get; init; }

    public ScalePaths? Scale { get; init; }

    /// <summary>Further subresources, by name, and the kind of object that each takes.</summary>
    public IReadOnlyDictionary<string, string> Subresources { get; init; } = new Dictionary<string, string>();

    /// <summary>The kind whose objects these are, when one kind is served in several groups or versions.</summary>
    public string? StoredAs { get; init; }

    /// <summary>How a built-in kind is typed; null for custom resources.</summary>
    public Shape.Struct? Shape { get; init; }

    /// <summary>How a custom resource is typed; null for built-in kinds.</summary>
    public StructuralSchema? Schema { get; init; }

    public bool IsCustom => Shape is null;

    public KindRules Rules { get; init; } = KindRules.None;

    public IReadOnlyList<TableColumn> Columns { get; init; } = [];

    /// <summary>Fields by which objects may be selected, besides their name and namespace.</summary>
    public IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; init; } = new Dictionary<string, Func<JsonObject, string>>();

    public string GroupVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The shelf that holds the objects.</summary>
    public string ShelfName => StoredAs ?? QualifiedName;
}
