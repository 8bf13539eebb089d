namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Kinds of values.</summary>
public enum ValueKind
{
    /// <summary>Known only when the expression runs.</summary>
    Unknown,
    Nil,
    Bool,
    Whole,
    Real,
    Text,
    List,
    Map,

    /// <summary>A record with fixed fields.</summary>
    Structure,
    Time,
    Duration,
}

/// <summary>What is known of a value before an expression runs.</summary>
public sealed record StaticType(ValueKind Kind, StaticType? Element = null, IReadOnlyDictionary<string, StaticType>? Fields = null)
{
    public static StaticType Unknown { get; } = new(ValueKind.Unknown);

    public static StaticType Nil { get; } = new(ValueKind.Nil);

    public static StaticType Bool { get; } = new(ValueKind.Bool);

    public static StaticType Whole { get; } = new(ValueKind.Whole);

    public static StaticType Real { get; } = new(ValueKind.Real);

    public static StaticType Text { get; } = new(ValueKind.Text);

    public static StaticType Time { get; } = new(ValueKind.Time);

    public static StaticType Duration { get; } = new(ValueKind.Duration);

    /// <summary>A list of anything.</summary>
    public static StaticType AnyList { get; } = new(ValueKind.List, Unknown);

    /// <summary>A map from texts to anything.</summary>
    public static StaticType AnyMap { get; } = new(ValueKind.Map, Unknown);

    public bool IsUnknown => Kind == ValueKind.Unknown;

    public bool IsNumber => Kind is ValueKind.Whole or ValueKind.Real;

    public static StaticType ListOf(StaticType element) => new(ValueKind.List, element);

    /// <summary>The type of a value at hand. What lists and maps hold is known only for lists that say so.</summary>
    public static StaticType Of(object? value) => value switch
    {
        null => Nil,
        bool => Bool,
        long or ulong => Whole,
        double => Real,
        string => Text,
        DateTimeOffset => Time,
        TimeSpan => Duration,
        TypedList list => ListOf(list.Element),
        IReadOnlyList<object?> => AnyList,
        IReadOnlyDictionary<string, object?> => AnyMap,
        _ => Unknown,
    };

    public bool Is(ValueKind kind) => Kind == kind;

    /// <summary>Whether it is one of the kinds, or may turn out to be.</summary>
    public bool MayBe(params ReadOnlySpan<ValueKind> kinds) => IsUnknown || kinds.Contains(Kind);

    public override string ToString() => Kind switch
    {
        ValueKind.Unknown => "unknown",
        ValueKind.Whole => "int",
        ValueKind.Real => "float64",
        ValueKind.Text => "string",
        ValueKind.List => Element!.IsUnknown ? "[]interface {}" : $"[]{Element}",
        ValueKind.Map => "map[string]interface {}",
        ValueKind.Structure => "struct",
        ValueKind.Time => "time.Time",
        ValueKind.Duration => "time.Duration",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
