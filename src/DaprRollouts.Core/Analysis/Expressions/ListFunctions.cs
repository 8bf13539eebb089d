namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Functions on lists and maps.</summary>
internal static class ListFunctions
{
    private static readonly ValueKind[] List = [ValueKind.List];
    private static readonly ValueKind[] Map = [ValueKind.Map];
    private static readonly ValueKind[] Int = [ValueKind.Whole];
    private static readonly ValueKind[] Anything = [];

    public static IReadOnlyList<Function> All { get; } =
    [
        new("len", 1, 1, Len) { Takes = [[ValueKind.List, ValueKind.Map, ValueKind.Text]], Result = _ => StaticType.Whole },
        new("get", 2, 2, Get) { Takes = [[ValueKind.List, ValueKind.Map], Anything], Result = Element },
        new("keys", 1, 1, i => i.New(Entries(i).Select(e => (object?)e.Key))) { Takes = [Map], Result = _ => StaticType.ListOf(StaticType.Text) },
        new("values", 1, 1, i => i.New(Entries(i).Select(e => e.Value))) { Takes = [Map], Result = _ => StaticType.AnyList },
        new("first", 1, 1, i => i[0] is IReadOnlyList<object?> { Count: > 0 } list ? list[0] : null) { Takes = [List], Result = Element },
        new("last", 1, 1, i => i[0] is IReadOnlyList<object?> { Count: > 0 } list ? list[^1] : null) { Takes = [List], Result = Element },
        new("take", 2, 2, Take) { Takes = [List, Int], Result = types => types[0] },
        new("reverse", 1, 1, i => i.New(i.List(0).Reverse())) { Takes = [List], Result = types => types[0] },
        new("uniq", 1, 1, Uniq) { Takes = [List], Result = types => types[0] },
        new("concat", 1, int.MaxValue, i => i.New(i.All.SelectMany((_, index) => i.List(index)))) { Takes = [List], Result = _ => StaticType.AnyList },
        new("flatten", 1, 1, i => i.New(Flat(i.List(0)))) { Takes = [List], Result = _ => StaticType.AnyList },
        new("sort", 1, 2, Sort) { Takes = [List, [ValueKind.Text]], Result = types => types[0] },
        new("toPairs", 1, 1, i => i.New(Entries(i).Select(e => (object?)(object?[])[e.Key, e.Value]))) { Takes = [Map], Result = _ => StaticType.AnyList },
        new("fromPairs", 1, 1, FromPairs) { Takes = [List], Result = _ => StaticType.AnyMap },
    ];

    /// <summary>Items in the order of their keys.</summary>
    public static IEnumerable<T> Sorted<T>(Invocation i, List<T> items, Func<T, object?> key, string order)
    {
        if (order is not ("asc" or "desc"))
        {
            throw i.Error($"unknown order \"{order}\", use \"asc\" or \"desc\"");
        }

        i.Evaluator.Charge(items.Count * 8L, i.Node);
        foreach (var item in items.Skip(1))
        {
            Compare(i, key(items[0]), key(item)); // before sorting, which wraps what a comparer throws
        }

        var comparer = Comparer<object?>.Create((a, b) => Compare(i, a, b));
        return order == "asc" ? items.OrderBy(key, comparer) : items.OrderByDescending(key, comparer);
    }

    private static int Compare(Invocation i, object? left, object? right)
    {
        try
        {
            return Operations.Order(left, right) ?? 0;
        }
        catch (InvalidOperationException)
        {
            throw i.Error($"cannot order {Values.TypeName(left)} and {Values.TypeName(right)}");
        }
    }

    private static StaticType Element(IReadOnlyList<StaticType> types) => types[0].Element ?? StaticType.Unknown;

    private static IEnumerable<KeyValuePair<string, object?>> Entries(Invocation i) =>
        (i[0] as IReadOnlyDictionary<string, object?> ?? throw i.Wrong(0)).OrderBy(e => e.Key, StringComparer.Ordinal);

    private static object? Len(Invocation i) => i[0] switch
    {
        string text => (long)text.EnumerateRunes().Count(),
        IReadOnlyList<object?> list => (long)list.Count,
        IReadOnlyDictionary<string, object?> map => (long)map.Count,
        _ => throw i.Wrong(0),
    };

    private static object? Get(Invocation i)
    {
        switch (i[0])
        {
            case IReadOnlyDictionary<string, object?> map:
                return map.GetValueOrDefault(GoFormat.Default(i[1]));
            case IReadOnlyList<object?> list when Values.AsNumber(i[1]) is not null:
                var index = Values.Integer(i[1], i.Node.Position);
                index = index < 0 ? list.Count + index : index;
                return index >= 0 && index < list.Count ? list[(int)index] : null;
            default:
                return null;
        }
    }

    private static object?[] Take(Invocation i)
    {
        var count = i.Integer(1);
        return count >= 0 ? i.New(i.List(0).Take((int)Math.Min(count, int.MaxValue))) : throw i.Error($"cannot take {count} elements");
    }

    private static object?[] Uniq(Invocation i)
    {
        List<object?> seen = [];
        foreach (var item in i.List(0))
        {
            if (!seen.Exists(s => i.AreEqual(s, item)))
            {
                seen.Add(item);
            }
        }

        return i.New(seen);
    }

    private static IEnumerable<object?> Flat(IReadOnlyList<object?> list) =>
        list.SelectMany(item => item is IReadOnlyList<object?> inner ? Flat(inner) : [item]);

    private static object?[] Sort(Invocation i) => i.New(Sorted(i, [.. i.List(0)], item => item, i.Text(1, "asc")));

    private static Dictionary<string, object?> FromPairs(Invocation i)
    {
        Dictionary<string, object?> map = [];
        foreach (var item in i.List(0))
        {
            map[item is IReadOnlyList<object?> { Count: 2 } pair ? GoFormat.Default(pair[0]) : throw i.Error("fromPairs needs pairs")] =
                ((IReadOnlyList<object?>)item)[1];
        }

        return map;
    }
}
