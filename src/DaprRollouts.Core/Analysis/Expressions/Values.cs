namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>What values are and hold when an expression runs.</summary>
internal static class Values
{
    public static string TypeName(object? value) => value is TimeZoneInfo ? "*time.Location" : value is DayOfWeek ? "time.Weekday" : value is Month ? "time.Month" : StaticType.Of(value).ToString();

    /// <summary>What looking at a value costs, in steps.</summary>
    public static long Weight(object? value) => value switch
    {
        string text => text.Length / 16,
        IReadOnlyList<object?> list => list.Count / 4,
        _ => 0,
    };

    /// <summary>A number as an integer, cut off at the point.</summary>
    public static long Integer(object? value, int position) => value switch
    {
        long number => number,
        ulong number => unchecked((long)number),
        double number => unchecked((long)number),
        DayOfWeek or Month => (int)value,
        _ => throw new ExpressionException($"cannot convert {TypeName(value)} to int", position),
    };

    public static double? AsNumber(object? value) => value switch
    {
        long number => number,
        ulong number => number,
        double number => number,
        DayOfWeek or Month => (int)value,
        _ => null,
    };

    /// <summary>An element of a list or a member of a map; a member that is missing is nil.</summary>
    public static object? Fetch(object? target, object? key, int position)
    {
        switch (target)
        {
            case TimeSpan or DateTimeOffset or null:
                break;
            case IReadOnlyDictionary<string, object?> map when key is not null:
                return map.TryGetValue(GoFormat.Default(key), out var value) ? value : null;
            case IReadOnlyList<object?> list when AsNumber(key) is not null:
                return list[Index(key, list.Count, position)];
            case string text when AsNumber(key) is not null:
                return (long)text[Index(key, text.Length, position)];
        }

        throw new ExpressionException($"cannot fetch {GoFormat.Default(key)} from {TypeName(target)}", position);
    }

    /// <summary>Equality: numbers by value, lists element by element, maps exactly.</summary>
    public static bool AreEqual(object? left, object? right, Action<long> charge)
    {
        charge(1);
        return (left, right) switch
        {
            (null, null) => true,
            (long a, long b) => a == b,
            (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First, p.Second, charge)),
            (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) => AreSame(a, b, charge),
            (DateTimeOffset a, DateTimeOffset b) => a == b,
            _ when AsNumber(left) is { } a && AsNumber(right) is { } b => a == b,
            _ => left is not null && left.Equals(right),
        };
    }

    private static int Index(object? key, int count, int position)
    {
        var index = Integer(key, position);
        index = index < 0 ? count + index : index;
        return index >= 0 && index < count
            ? (int)index
            : throw new ExpressionException($"index out of range: {index} (array length is {count})", position);
    }

    private static bool AreSame(IReadOnlyDictionary<string, object?> left, IReadOnlyDictionary<string, object?> right, Action<long> charge) =>
        left.Count == right.Count && left.All(e => right.TryGetValue(e.Key, out var other) && IsSame(e.Value, other, charge));

    private static bool IsSame(object? left, object? right, Action<long> charge) =>
        AsNumber(left) is not null && left!.GetType() != right?.GetType() ? false : AreEqual(left, right, charge);
}
