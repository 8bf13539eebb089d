using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis;

/// <summary>What a measured value means under the conditions of its metric.</summary>
public static class Conditions
{
    private const string NoData = "metric result is nil or empty: no data returned from the metric provider";

    /// <summary>The phase of the measurement; Error comes with a message.</summary>
    public static (string Phase, string? Message) Judge(Metric metric, object? result, DateTimeOffset now)
    {
        try
        {
            var succeeded = Holds("successCondition", metric.SuccessCondition, result, now);
            var failed = Holds("failureCondition", metric.FailureCondition, result, now);
            return (Phase(succeeded, failed), null);
        }
        catch (ConditionException e)
        {
            return (AnalysisPhase.Error, e.Message);
        }
    }

    private static string Phase(bool? succeeded, bool? failed) => (succeeded, failed) switch
    {
        (null, null) => AnalysisPhase.Successful,
        (_, true) or (false, null) => AnalysisPhase.Failed,
        (true, _) or (null, false) => AnalysisPhase.Successful,
        _ => AnalysisPhase.Inconclusive,
    };

    private static bool? Holds(string name, string? condition, object? result, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(condition))
        {
            return null;
        }

        string cause;
        try
        {
            var outcome = Expression.Condition(condition, StaticType.Of(result)).Evaluate(result, now);
            if (outcome is bool holds)
            {
                return holds;
            }

            cause = $"expected bool, but got {StaticType.Of(outcome)}";
        }
        catch (ExpressionException e)
        {
            cause = e.Message;
        }

        throw new ConditionException(
            $"could not evaluate {name} \"{condition}\": {(result is null or IReadOnlyList<object?> { Count: 0 } ? NoData : cause)}");
    }

    private sealed class ConditionException(string message) : Exception(message);
}
