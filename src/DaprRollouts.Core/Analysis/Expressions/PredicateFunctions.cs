namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Functions that evaluate a predicate for each element of a list.</summary>
internal static class PredicateFunctions
{
    private static readonly ValueKind[] List = [ValueKind.List];
    private static readonly ValueKind[] Anything = [];

    public static IReadOnlyList<Function> All { get; } =
    [
        Test("all", i => Elements(i).All(e => i.Holds(e.Value, e.Index))),
        Test("none", i => !Elements(i).Any(e => i.Holds(e.Value, e.Index))),
        Test("any", i => Elements(i).Any(e => i.Holds(e.Value, e.Index))),
        Test("one", i => Elements(i).Count(e => i.Holds(e.Value, e.Index)) == 1),
        Over("filter", 2, types => types[0].IsUnknown ? StaticType.AnyList : types[0], i => i.New(Elements(i).Where(e => i.Holds(e.Value, e.Index)).Select(e => e.Value))),
        Over("map", 2, types => StaticType.ListOf(types[1]), i => i.New(Elements(i).Select(e => i.Apply(e.Value, e.Index)))),
        Over("count", 1, _ => StaticType.Whole, i => (long)Elements(i).Count(e => i.Count == 1 ? IsTrue(i, e.Value) : i.Holds(e.Value, e.Index))),
        Over("find", 2, Element, i => Elements(i).FirstOrDefault(e => i.Holds(e.Value, e.Index)).Value),
        Over("findIndex", 2, _ => StaticType.Whole, i => Position(Elements(i), i)),
        Over("findLast", 2, Element, i => Elements(i).Reverse().FirstOrDefault(e => i.Holds(e.Value, e.Index)).Value),
        Over("findLastIndex", 2, _ => StaticType.Whole, i => Position(Elements(i).Reverse(), i)),
        Over("groupBy", 2, _ => StaticType.Unknown, GroupBy),
        new("sortBy", 2, 3, SortBy) { Takes = [List, Anything, [ValueKind.Text]], Result = types => types[0] },
        new("reduce", 2, 3, Reduce) { Takes = [List, Anything, Anything] },
        new("sum", 1, 2, Sum) { Takes = [List, Anything], Result = SumType },
    ];

    private static Function Test(string name, Func<Invocation, bool> test) => Over(name, 2, _ => StaticType.Bool, i => test(i));

    private static Function Over(string name, int least, Func<IReadOnlyList<StaticType>, StaticType> result, Func<Invocation, object?> invoke) =>
        new(name, least, 2, invoke) { Takes = [List, Anything], Result = result };

    private static StaticType Element(IReadOnlyList<StaticType> types) => types[0].Element ?? StaticType.Unknown;

    private static IEnumerable<(object? Value, int Index)> Elements(Invocation i) => i.List(0).Select((value, index) => (value, index));

    private static bool IsTrue(Invocation i, object? value) =>
        value is bool yes ? yes : throw i.Error($"count without a predicate needs a list of bool (got {Values.TypeName(value)})");

    private static object? Position(IEnumerable<(object? Value, int Index)> elements, Invocation i)
    {
        foreach (var (value, index) in elements)
        {
            if (i.Holds(value, index))
            {
                return (long)index;
            }
        }

        return null;
    }

    private static Dictionary<string, object?> GroupBy(Invocation i)
    {
        Dictionary<string, object?> groups = [];
        foreach (var (value, index) in Elements(i))
        {
            var key = GoFormat.Default(i.Apply(value, index));
            var group = groups.TryGetValue(key, out var known) ? (object?[])known! : [];
            i.Evaluator.Allocate(group.Length + 1, i.Node);
            groups[key] = (object?[])[.. group, value];
        }

        return groups;
    }

    private static object?[] SortBy(Invocation i)
    {
        var keyed = Elements(i).Select(e => (e.Value, Key: i.Apply(e.Value, e.Index))).ToList();
        return i.New(ListFunctions.Sorted(i, keyed, e => e.Key, i.Count > 2 ? i.Text(2) : "asc").Select(e => e.Value));
    }

    private static object? Reduce(Invocation i)
    {
        var list = i.List(0);
        var seeded = i.Count > 2;
        if (!seeded && list.Count == 0)
        {
            throw i.Error("reduce of an empty list with no initial value");
        }

        var accumulated = seeded ? i[2] : list[0];
        for (var index = seeded ? 0 : 1; index < list.Count; index++)
        {
            accumulated = i.Apply(list[index], index, accumulated);
        }

        return accumulated;
    }

    private static object? Sum(Invocation i)
    {
        object sum = 0L;
        foreach (var (value, index) in Elements(i))
        {
            var item = i.Count > 1 ? i.Apply(value, index) : value;
            sum = (sum, item) switch
            {
                (long a, long b) => (object)unchecked(a + b),
                _ when Values.AsNumber(item) is { } b => Values.AsNumber(sum)!.Value + b,
                _ => throw i.Error($"invalid argument for sum (type {Values.TypeName(item)})"),
            };
        }

        return sum;
    }

    private static StaticType SumType(IReadOnlyList<StaticType> types)
    {
        var item = types.Count > 1 ? types[1] : Element(types);
        return item.IsNumber ? StaticType.Unknown : item.IsUnknown ? StaticType.Unknown
            : throw new ExpressionException($"invalid argument for sum (type {item})", 0);
    }
}
