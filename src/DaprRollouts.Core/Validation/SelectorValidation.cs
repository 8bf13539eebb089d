using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Validation;

/// <summary>Whether a label selector is one that can select something.</summary>
internal static class SelectorValidation
{
    private const string Path = "spec.selector";

    public static string? FirstError(LabelSelector selector) =>
        (selector.MatchExpressions ?? []).Select((e, i) => Error(e, $"{Path}.matchExpressions[{i}]")).FirstOrDefault(e => e is not null)
        ?? (selector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } }
            ? FieldError.Invalid(Path, new LabelSelector(), "empty selector is invalid for deployment")
            : null);

    private static string? Error(LabelSelectorRequirement expression, string path) => expression switch
    {
        { Operator: "In" or "NotIn", Values: null or { Count: 0 } } => FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'"),
        { Operator: "Exists" or "DoesNotExist", Values.Count: > 0 } => FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        { Operator: "In" or "NotIn" or "Exists" or "DoesNotExist" } => null,
        _ => FieldError.Invalid($"{path}.operator", expression.Operator ?? "", "not a valid selector operator"),
    };
}
