using System.Globalization;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Functions on numbers.</summary>
internal static class NumberFunctions
{
    private static readonly ValueKind[] Number = [ValueKind.Whole, ValueKind.Real];
    private static readonly ValueKind[] NumberOrList = [ValueKind.Whole, ValueKind.Real, ValueKind.List];
    private static readonly ValueKind[] NumberOrText = [ValueKind.Whole, ValueKind.Real, ValueKind.Text];
    private static readonly ValueKind[] Int = [ValueKind.Whole];

    public static IReadOnlyList<Function> All { get; } =
    [
        new("max", 1, int.MaxValue, i => Extreme(i, (best, next) => best < next)) { Takes = [NumberOrList], Result = ExtremeType },
        new("min", 1, int.MaxValue, i => Extreme(i, (best, next) => best > next)) { Takes = [NumberOrList], Result = ExtremeType },
        new("mean", 1, int.MaxValue, i => Numbers(i).Select(Float).DefaultIfEmpty(0).Average()) { Takes = [NumberOrList], Result = _ => StaticType.Real },
        new("median", 1, int.MaxValue, Median) { Takes = [NumberOrList], Result = _ => StaticType.Real },
        new("abs", 1, 1, i => i[0] is long number ? unchecked(number < 0 ? -number : number) : (object)Math.Abs(i.Number(0))) { Takes = [Number], Result = types => types[0] },
        new("ceil", 1, 1, i => Math.Ceiling(i.Number(0))) { Takes = [Number], Result = _ => StaticType.Real },
        new("floor", 1, 1, i => Math.Floor(i.Number(0))) { Takes = [Number], Result = _ => StaticType.Real },
        new("round", 1, 1, i => Math.Round(i.Number(0), MidpointRounding.AwayFromZero)) { Takes = [Number], Result = _ => StaticType.Real },
        new("int", 1, 1, ToInt) { Takes = [NumberOrText], Result = _ => StaticType.Whole },
        new("float", 1, 1, ToFloat) { Takes = [NumberOrText], Result = _ => StaticType.Real },
        Bits("bitand", (a, b) => a & b),
        Bits("bitor", (a, b) => a | b),
        Bits("bitxor", (a, b) => a ^ b),
        Bits("bitnand", (a, b) => a & ~b),
        new("bitnot", 1, 1, i => ~i.Integer(0)) { Takes = [Int], Result = _ => StaticType.Whole },
        Shift("bitshl", (a, b) => b > 63 ? 0 : a << b),
        Shift("bitshr", (a, b) => b > 63 ? (a < 0 ? -1 : 0) : a >> b),
        Shift("bitushr", (a, b) => b > 63 ? 0 : a >>> b),
    ];

    private static Function Bits(string name, Func<long, long, long> operation) =>
        new(name, 2, 2, i => operation(i.Integer(0), i.Integer(1))) { Takes = [Int], Result = _ => StaticType.Whole };

    private static Function Shift(string name, Func<long, int, long> operation) => new(name, 2, 2, i =>
        i.Integer(1) is >= 0 and var by
            ? operation(i.Integer(0), (int)Math.Min(by, 64))
            : throw i.Error("invalid operation: negative shift count")) { Takes = [Int], Result = _ => StaticType.Whole };

    private static StaticType ExtremeType(IReadOnlyList<StaticType> types) => types.Count == 1 && types[0].IsNumber ? types[0] : StaticType.Unknown;

    /// <summary>All numbers among the arguments, those in lists too.</summary>
    private static List<object> Numbers(Invocation i)
    {
        List<object> numbers = [];
        Collect(i.All);
        return numbers;

        void Collect(IReadOnlyList<object?> items)
        {
            foreach (var item in items)
            {
                if (item is IReadOnlyList<object?> list)
                {
                    Collect(list);
                }
                else if (Values.AsNumber(item) is not null)
                {
                    numbers.Add(item!);
                }
                else
                {
                    throw i.Error($"invalid argument for {i.Node.Name} (type {Values.TypeName(item)})");
                }
            }
        }
    }

    private static double Float(object number) => Values.AsNumber(number)!.Value;

    /// <summary>The first number that no later one beats; NaN beats nothing and is beaten by nothing.</summary>
    private static object? Extreme(Invocation i, Func<double, double, bool> isBetter)
    {
        if (i.Count == 1 && i[0] is not IReadOnlyList<object?>)
        {
            return i[0]; // whatever it is: there is nothing to compare it with
        }

        object? best = null;
        foreach (var number in Numbers(i))
        {
            if (best is null || isBetter(Float(best), Float(number)))
            {
                best = number;
            }
        }

        return best;
    }

    private static object? Median(Invocation i)
    {
        var sorted = Numbers(i).Select(Float).Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count == 0 ? 0d : sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static object? ToInt(Invocation i) => i[0] switch
    {
        string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw i.Error($"invalid operation: int(\"{text}\")"),
        var value when Values.AsNumber(value) is not null => Values.Integer(value, i.Node.Position),
        _ => throw i.Wrong(0),
    };

    private static object? ToFloat(Invocation i) => i[0] switch
    {
        string text => GoFloat.TryParse(text, out var number) ? number : throw i.Error($"invalid operation: float(\"{text}\")"),
        _ => i.Number(0),
    };
}
