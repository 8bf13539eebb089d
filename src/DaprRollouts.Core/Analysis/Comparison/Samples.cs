using System.Globalization;
using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Core.Analysis.Comparison;

/// <summary>Samples of one side of a comparison.</summary>
public static class Samples
{
    /// <summary>The samples that an expression finds in a result; what is nil or not a finite number is none.</summary>
    /// <exception cref="SampleException">It finds something else.</exception>
    public static IReadOnlyList<double> Of(string side, string expression, object? result, DateTimeOffset now)
    {
        object? found;
        try
        {
            found = Expression.Condition(expression, StaticType.Of(result)).Evaluate(result, now);
        }
        catch (ExpressionException e)
        {
            throw new SampleException($"could not evaluate compare.{side} \"{expression}\": {e.Message}");
        }

        var items = found as IReadOnlyList<object?> ?? [found];
        return [.. items.Select(i => Number(side, expression, i)).Where(double.IsFinite)];
    }

    /// <summary>Samples as they are kept.</summary>
    public static string Text(IEnumerable<double> samples) => string.Join(',', samples.Select(s => s.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>Samples as they were kept.</summary>
    public static IReadOnlyList<double> Parse(string? text) =>
        string.IsNullOrEmpty(text) ? [] : [.. text.Split(',').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];

    private static double Number(string side, string expression, object? value) => value switch
    {
        null => double.NaN,
        double number => number,
        long number => number,
        ulong number => number,
        _ => throw new SampleException($"compare.{side} \"{expression}\" must find numbers, but finds {StaticType.Of(value)}"),
    };
}

/// <summary>Samples that cannot be had.</summary>
public sealed class SampleException(string message) : Exception(message);
