using System.Text.RegularExpressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Validation;

/// <summary>Whether arguments of step analyses that are fields of the Rollout's metadata name fields that there are.</summary>
internal static partial class FieldPathValidation
{
    public static string? FirstError(RolloutSpec spec)
    {
        var steps = spec.Strategy?.Canary?.Steps ?? [];
        for (var i = 0; i < steps.Count; i++)
        {
            var arguments = steps[i].Analysis?.Args ?? [];
            if (arguments.Select(a => a.ValueFrom?.FieldRef?.FieldPath).Any(p => p?.StartsWith("metadata", StringComparison.Ordinal) == true && !Metadata().IsMatch(p)))
            {
                return FieldError.Invalid(
                    $"spec.strategy.canary.steps[{i}].analyses", arguments, "Analyses arguments must refer to valid object metadata supported by downwardAPI");
            }
        }

        return null;
    }

    // What the downward API offers of an object's metadata.
    [GeneratedRegex(@"^metadata\.(name|namespace|uid|(labels|annotations)(\['[^']+'\])?)$")]
    private static partial Regex Metadata();
}
