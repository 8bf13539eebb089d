using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Core.Analysis.Paths;

/// <summary>A part of a template: yields values for the values it is applied to. What is nil is passed over.</summary>
internal abstract class PathPart
{
    public abstract IReadOnlyList<object?> Apply(IReadOnlyList<object?> values);
}

/// <summary>Text or another literal, which stands for itself.</summary>
internal sealed class LiteralPart(object value) : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values) => [value];
}

/// <summary>Steps, each applied to all that the one before it yielded.</summary>
internal sealed class StepsPart(IReadOnlyList<PathPart> steps) : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values) => steps.Aggregate(values, (all, step) => step.Apply(all));
}

/// <summary>A member of objects; some may lack it, but not all.</summary>
internal sealed class FieldPart(string name) : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values)
    {
        List<object?> found = [];
        foreach (var value in values)
        {
            if (value is IReadOnlyDictionary<string, object?> members && members.TryGetValue(name, out var member))
            {
                found.Add(member);
            }
        }

        return found.Count > 0 || values.Count == 0 ? found : throw new JsonPathException($"{name} is not found");
    }
}

/// <summary>All members of objects and elements of lists.</summary>
internal sealed class WildcardPart : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values) => [.. values.SelectMany(Inside)];

    public static IEnumerable<object?> Inside(object? value) => value switch
    {
        IReadOnlyList<object?> list => list,
        IReadOnlyDictionary<string, object?> members => members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => m.Value),
        _ => [],
    };
}

/// <summary>The values and everything below them, as far as something is in it.</summary>
internal sealed class RecursivePart : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values) => [.. values.SelectMany(All)];

    private static IEnumerable<object?> All(object? value) =>
        WildcardPart.Inside(value).ToList() is { Count: > 0 } inside ? inside.SelectMany(All).Prepend(value) : [];
}

/// <summary>Elements of lists: from, to (without it) and step; a single index is a range of one.</summary>
internal sealed class IndexPart(int? from, int? to, int step, bool single) : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values)
    {
        List<object?> found = [];
        foreach (var value in values.Where(v => v is not null))
        {
            var list = value as IReadOnlyList<object?> ?? throw new JsonPathException($"{StaticType.Of(value)} is not array or slice");
            var start = At(from ?? 0, list.Count);
            var end = single ? start + 1 : At(to ?? list.Count, list.Count);
            if (start == end)
            {
                return found;
            }

            Check(start, end, list.Count);
            for (var i = start; i < end; i += step)
            {
                found.Add(list[i]);
            }
        }

        return found;
    }

    private static void Check(int start, int end, int count)
    {
        if (start < 0 || start >= count || end < 0 || end > count)
        {
            throw new JsonPathException($"array index out of bounds: index {(start < 0 || start >= count ? start : end - 1)}, length {count}");
        }

        if (start > end)
        {
            throw new JsonPathException($"starting index {start} is greater than ending index {end}");
        }
    }

    private static int At(int index, int count) => index < 0 ? count + index : index;
}

/// <summary>What several paths yield, one after the other.</summary>
internal sealed class UnionPart(IReadOnlyList<PathPart> parts) : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values) => [.. parts.SelectMany(p => p.Apply(values))];
}

/// <summary>For each value of a list, what the parts up to <c>{end}</c> yield.</summary>
internal sealed class RangePart(PathPart list, IReadOnlyList<PathPart> body) : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values) =>
        [.. list.Apply(values).SelectMany(item => body.SelectMany(part => part.Apply([item])))];
}

/// <summary>The elements for which a comparison holds, or a path leads to something.</summary>
internal sealed class FilterPart(PathPart left, string op, PathPart? right) : PathPart
{
    public override IReadOnlyList<object?> Apply(IReadOnlyList<object?> values) => [.. values.SelectMany(Elements).Where(Holds)];

    private static IReadOnlyList<object?> Elements(object? value) => value as IReadOnlyList<object?>
        ?? throw new JsonPathException($"{GoFormat.Default(value)} is not array or slice and cannot be filtered: a filter needs an array");

    private bool Holds(object? item)
    {
        if (right is null)
        {
            return Exists(item);
        }

        var lefts = left.Apply([item]);
        var rights = lefts.Count == 0 ? [] : right.Apply([item]);
        return lefts.Count > 1 || rights.Count > 1
            ? throw new JsonPathException("can only compare one element at a time")
            : rights.Count == 1 && Compare(lefts[0], rights[0]);
    }

    private bool Exists(object? item)
    {
        try
        {
            return left.Apply([item]).Count > 0;
        }
        catch (JsonPathException)
        {
            return false; // that is what the filter asks
        }
    }

    // Numbers of JSON are floating point, and an integer in a filter is of another kind: users of kubectl write 2.0.
    private bool Compare(object? a, object? b)
    {
        var order = (a, b) switch
        {
            (string x, string y) => string.CompareOrdinal(x, y),
            (double x, double y) => x.CompareTo(y),
            (long x, long y) => x.CompareTo(y),
            (bool x, bool y) when op is "==" or "!=" => x == y ? 0 : 1,
            _ => throw new JsonPathException($"incompatible types for comparison: {StaticType.Of(a)} and {StaticType.Of(b)}"),
        };
        return op switch { "==" => order == 0, "!=" => order != 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }
}
