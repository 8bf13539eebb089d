using System.Globalization;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>The functions that analysis adds to the dialect.</summary>
internal static class ResultFunctions
{
    private static readonly ValueKind[] Number = [ValueKind.Real, ValueKind.Whole];

    public static IReadOnlyList<Function> All { get; } =
    [
        new("asInt", 1, 1, AsInt) { Result = _ => StaticType.Whole, NeedsResult = true },
        new("asFloat", 1, 1, AsFloat) { Result = _ => StaticType.Real, NeedsResult = true },
        new("isNaN", 1, 1, i => double.IsNaN(i.Number(0))) { Takes = [Number], Result = _ => StaticType.Bool },
        new("isInf", 1, 1, i => double.IsInfinity(i.Number(0))) { Takes = [Number], Result = _ => StaticType.Bool },

        // These two look at the whole result whatever they are given: users of Argo Rollouts have conditions that rely on it.
        new("isNil", 1, 1, i => i.Evaluator.Result is null) { Result = _ => StaticType.Bool, NeedsResult = true },
        new("default", 2, 2, i => i.Evaluator.Result ?? i[1]) { NeedsResult = true },
    ];

    private static object? AsInt(Invocation i) => i[0] switch
    {
        string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw i.Error($"asInt: \"{text}\" is not an integer"),
        var value when Values.AsNumber(value) is not null => Values.Integer(value, i.Node.Position),
        var other => throw i.Error($"asInt() not supported on type {Values.TypeName(other)}"),
    };

    private static object? AsFloat(Invocation i) => i[0] switch
    {
        string text => GoFloat.TryParse(text, out var number) ? number : throw i.Error($"asFloat: \"{text}\" is not a number"),
        var value => Values.AsNumber(value) ?? throw i.Error($"asFloat() not supported on type {Values.TypeName(value)}"),
    };
}
