namespace DaprRollouts.Core.Analysis.Policies;

/// <summary>Tells data from its absence.</summary>
public static class NoData
{
    private const string CloudWatchValues = "Values";

    /// <summary>Whether a result says nothing: nil, NaN, an empty text, list or map, or a list of nothing else.</summary>
    public static bool Is(object? result) => result switch
    {
        null => true,
        double number => double.IsNaN(number),
        string text => text.Length == 0,
        IReadOnlyDictionary<string, object?> { Count: 0 } => true,
        IReadOnlyDictionary<string, object?> map => map.TryGetValue(CloudWatchValues, out var values) && Is(values),
        IReadOnlyList<object?> list => list.All(Is),
        _ => false,
    };
}
