using System.Globalization;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Validation;

/// <summary>Whether a Rollout can be run at all. The first error counts; each names the field, the value and what would be right.</summary>
public static class SpecValidation
{
    private const string Strategy = "spec.strategy";

    /// <summary>The first error, or null.</summary>
    public static string? FirstError(Observation seen)
    {
        var rollout = seen.Rollout;
        return rollout.Unreadable.FirstOrDefault()
            ?? seen.WorkloadError
            ?? FieldError.Negative("spec.replicas", rollout.Spec.Replicas)
            ?? Template(seen)
            ?? seen.TemplateError
            ?? Seconds(rollout.Spec)
            ?? StrategyError(rollout.Spec)
            ?? FieldPathValidation.FirstError(rollout.Spec)
            ?? ReferenceValidation.FirstError(seen);
    }

    private static string? Template(Observation seen)
    {
        var spec = seen.Rollout.Spec;
        if (spec.WorkloadRef is not null && seen.Workload is null)
        {
            return FieldError.Internal("spec.template", "template must be empty for workload reference rollout");
        }

        if (spec.Selector is null)
        {
            return FieldError.Required("spec.selector", "Rollout has missing field '.spec.selector'");
        }

        return SelectorValidation.FirstError(spec.Selector) ?? (spec.Template is null
            ? FieldError.Required("spec.template", "Rollout has missing field '.spec.template'")
            : PodTemplateValidation.FirstError(spec.Template, spec.Selector));
    }

    private static string? Seconds(RolloutSpec spec) =>
        FieldError.Negative("spec.minReadySeconds", spec.MinReadySeconds)
        ?? FieldError.Negative("spec.revisionHistoryLimit", spec.RevisionHistoryLimit)
        ?? FieldError.Negative("spec.progressDeadlineSeconds", spec.ProgressDeadlineSeconds)
        ?? ((spec.ProgressDeadlineSeconds ?? 600) <= (spec.MinReadySeconds ?? 0)
            ? FieldError.Invalid("spec.progressDeadlineSeconds", spec.ProgressDeadlineSeconds ?? 600, "must be greater than minReadySeconds")
            : null);

    private static string? StrategyError(RolloutSpec spec) => spec.Strategy switch
    {
        null or { Canary: null, BlueGreen: null } => FieldError.Required(
            $"{Strategy}.strategy", "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'"),
        { Canary: not null, BlueGreen: not null } => FieldError.Invalid($"{Strategy}.strategy", "blueGreen: true canary: true", "Multiple Strategies can not be listed"),
        { Canary: { } canary } => Canary(canary),
        { BlueGreen: { } blueGreen } => BlueGreen(blueGreen, spec),
    };

    private static string? BlueGreen(BlueGreenStrategy strategy, RolloutSpec spec) =>
        (strategy.ActiveService ?? "") == (strategy.PreviewService ?? "")
            ? FieldError.Invalid(
                $"{Strategy}.blueGreen.activeService",
                strategy.ActiveService ?? "",
                "This rollout uses the same service for the active and preview services, but two different services are required.")
            : (strategy.ScaleDownDelayRevisionLimit ?? 0) > (spec.RevisionHistoryLimit ?? 10)
                ? FieldError.Invalid(
                    $"{Strategy}.blueGreen.scaleDownDelayRevisionLimit",
                    strategy.ScaleDownDelayRevisionLimit,
                    "This rollout's revision history limit can not be smaller than the rollout's scale down limit")
                : AntiAffinity($"{Strategy}.blueGreen", strategy.AntiAffinity);

    private static string? Canary(CanaryStrategy strategy)
    {
        const string Path = $"{Strategy}.canary";
        if (IsZero(strategy.MaxSurge) && IsZero(strategy.MaxUnavailable))
        {
            return FieldError.Invalid($"{Path}.maxSurge", strategy.MaxSurge, "MaxSurge and MaxUnavailable both can not be zero");
        }

        if (!string.IsNullOrEmpty(strategy.CanaryService) && strategy.CanaryService == strategy.StableService)
        {
            return FieldError.Invalid(
                $"{Path}.stableService",
                strategy.StableService,
                "This rollout uses the same service for the stable and canary services, but two different services are required.");
        }

        return RoutingValidation.FirstError(strategy, Path)
            ?? StepValidation.FirstError(strategy, Path)
            ?? AntiAffinity(Path, strategy.AntiAffinity);
    }

    private static string? AntiAffinity(string path, AntiAffinity? affinity) => affinity switch
    {
        null => null,
        { PreferredDuringSchedulingIgnoredDuringExecution: null, RequiredDuringSchedulingIgnoredDuringExecution: null } => NotOneAffinity(path, given: "false"),
        { PreferredDuringSchedulingIgnoredDuringExecution: not null, RequiredDuringSchedulingIgnoredDuringExecution: not null } => NotOneAffinity(path, given: "true"),
        { PreferredDuringSchedulingIgnoredDuringExecution: { Weight: var weight } } when weight is null or < 1 or > 100 => FieldError.Invalid(
            $"{path}.antiAffinity.preferredDuringSchedulingIgnoredDuringExecution.weight", weight ?? 0, "AntiAffinity weight must be between 1-100"),
        _ => null,
    };

    private static string NotOneAffinity(string path, string given) => FieldError.Invalid(
        $"{path}.antiAffinity",
        $"antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: {given} antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: {given}",
        "AntiAffinity must have exactly one strategy listed");

    // A text that is no number counts as 0, too.
    private static bool IsZero(IntOrString? value) =>
        value is { } given && !(int.TryParse(given.ToString().TrimEnd('%'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number != 0);
}
