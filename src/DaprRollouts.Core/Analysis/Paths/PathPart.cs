using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Core.Analysis.Paths;

/// <summary>A part of a template: yields values for the value it is applied to.</summary>
internal abstract class PathPart
{
    public abstract IEnumerable<object?> Apply(object? value, object? root);
}

/// <summary>Text, which stands for itself.</summary>
internal sealed class TextPart(string text) : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root) => [text];
}

/// <summary>Steps, each applied to all that the one before it yielded.</summary>
internal sealed class StepsPart(IReadOnlyList<PathPart> steps) : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root) =>
        steps.Aggregate((IEnumerable<object?>)[value], (values, step) => [.. values.SelectMany(v => step.Apply(v, root))]);
}

/// <summary>Back to the document as a whole.</summary>
internal sealed class RootPart : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root) => [root];
}

/// <summary>A member of an object.</summary>
internal sealed class FieldPart(string name) : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root) => value is IReadOnlyDictionary<string, object?> members
        ? members.TryGetValue(name, out var member) ? [member] : throw new JsonPathException($"{name} is not found")
        : throw new JsonPathException($"{name} is not found: there is no object to look in");
}

/// <summary>All members of an object or elements of a list.</summary>
internal sealed class WildcardPart : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root) => value switch
    {
        IReadOnlyList<object?> list => list,
        IReadOnlyDictionary<string, object?> members => members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => m.Value),
        _ => [],
    };
}

/// <summary>The value itself and everything below it that the next step can be applied to.</summary>
internal sealed class RecursivePart(PathPart next) : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root)
    {
        var found = All(value).SelectMany(v => Try(v, root)).ToList();
        return found.Count > 0 ? found : throw new JsonPathException("nothing of that name is found");
    }

    private static IEnumerable<object?> All(object? value) => new WildcardPart().Apply(value, null).SelectMany(All).Prepend(value);

    private IEnumerable<object?> Try(object? value, object? root)
    {
        try
        {
            return [.. next.Apply(value, root)];
        }
        catch (JsonPathException)
        {
            return []; // it is looked for in many places, and need not be in each
        }
    }
}

/// <summary>Elements of a list: from, to (without it) and step; a single index is a range of one.</summary>
internal sealed class IndexPart(int? from, int? to, int step, bool single) : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root)
    {
        if (value is not IReadOnlyList<object?> list)
        {
            throw new JsonPathException("the value is not an array or slice");
        }

        var start = At(from ?? 0, list.Count);
        if (single)
        {
            return start >= 0 && start < list.Count
                ? [list[start]]
                : throw new JsonPathException($"array index out of bounds: index {from}, length {list.Count}");
        }

        var end = Math.Min(to is { } given ? At(given, list.Count) : list.Count, list.Count);
        return Enumerable.Range(0, Math.Max(0, end - Math.Max(0, start))).Where(i => i % step == 0).Select(i => list[Math.Max(0, start) + i]).ToList();
    }

    private static int At(int index, int count) => index < 0 ? count + index : index;
}

/// <summary>What several paths yield, one after the other.</summary>
internal sealed class UnionPart(IReadOnlyList<PathPart> parts) : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root) => parts.SelectMany(p => p.Apply(value, root));
}

/// <summary>For each value of a list, what the parts up to <c>{end}</c> yield.</summary>
internal sealed class RangePart(PathPart list, IReadOnlyList<PathPart> body) : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root) =>
        list.Apply(value, root).SelectMany(item => body.SelectMany(part => part.Apply(item, root)));
}

/// <summary>The elements for which a comparison holds, or a path leads to something.</summary>
internal sealed class FilterPart(PathPart left, string op, PathPart? right) : PathPart
{
    public override IEnumerable<object?> Apply(object? value, object? root) => value is IReadOnlyList<object?> list
        ? [.. list.Where(item => Holds(item, root))]
        : throw new JsonPathException("a filter needs an array");

    private bool Holds(object? item, object? root)
    {
        if (right is null)
        {
            return Exists(item, root);
        }

        var lefts = left.Apply(item, root).Take(2).ToList();
        var rights = right.Apply(item, root).Take(2).ToList();
        if (lefts.Count == 0 || rights.Count == 0)
        {
            return false;
        }

        return lefts.Count == 1 && rights.Count == 1
            ? Compare(lefts[0], rights[0])
            : throw new JsonPathException("can only compare one element at a time");
    }

    private bool Exists(object? item, object? root)
    {
        try
        {
            return left.Apply(item, root).Any();
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

/// <summary>A literal on a side of a comparison.</summary>
internal sealed class LiteralPart(object value) : PathPart
{
    public override IEnumerable<object?> Apply(object? target, object? root) => [value];
}
