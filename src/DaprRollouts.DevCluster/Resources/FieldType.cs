namespace DaprRollouts.DevCluster.Resources;

/// <summary>What a value of a built-in kind looks like.</summary>
internal abstract record Shape
{
    public sealed record Scalar(string Name) : Shape;

    public sealed record List(Shape Item) : Shape;

    public sealed record Map(Shape Value) : Shape;

    public sealed record Struct(string Name) : Shape
    {
        public Dictionary<string, FieldType> Fields { get; } = [];
    }
}

/// <summary>One field of a built-in type, and how a strategic merge patch treats it.</summary>
internal sealed record FieldType(string Name, Shape Shape)
{
    /// <summary>Whether an empty value counts as none.</summary>
    public bool OmitsEmpty { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>Whether a patch merges this list's items; else it replaces the list.</summary>
    public bool MergesItems { get; init; }

    public bool RetainsKeys { get; init; }

    public string? MergeKey { get; init; }

    /// <summary>The fields that tell the items of this list apart when it is applied by the server.</summary>
    public IReadOnlyList<string> MapKeys { get; init; } = [];
}
