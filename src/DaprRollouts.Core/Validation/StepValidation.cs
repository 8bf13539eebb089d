using DaprRollouts.Core.Model;
using DaprRollouts.Core.Steps;

namespace DaprRollouts.Core.Validation;

/// <summary>Whether every step of a canary says one thing that can be done.</summary>
internal static class StepValidation
{
    private const string OneOf = "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause";

    // What is told of a step without members is whether each is missing.
    private const string Empty = "step.Experiment: true step.Pause: true step.SetWeight: true step.Analysis: true step.SetCanaryScale: true "
        + "step.SetHeaderRoute: true step.SetMirrorRoute: true step.Plugin: true";

    public static string? FirstError(CanaryStrategy strategy, string path)
    {
        var steps = strategy.Steps ?? [];
        for (var i = 0; i < steps.Count; i++)
        {
            if (Error(strategy, steps[i], $"{path}.steps[{i}]") is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static string? Error(CanaryStrategy strategy, CanaryStep step, string path)
    {
        object?[] exclusive = [step.SetWeight, step.Pause, step.Experiment, step.Analysis];
        object?[] others = [step.SetCanaryScale, step.SetHeaderRoute, step.SetMirrorRoute, step.Plugin];
        if (exclusive.Count(m => m is not null) > 1)
        {
            return FieldError.Invalid(
                path,
                $"step.Experiment: {Is(step.Experiment)} step.Pause: {Is(step.Pause)} step.SetWeight: {Is(step.SetWeight)} step.Analysis: {Is(step.Analysis)}",
                OneOf);
        }

        if (exclusive.Concat(others).All(m => m is null))
        {
            return FieldError.Invalid(path, Empty, OneOf);
        }

        var total = strategy.TrafficRouting?.MaxTrafficWeight ?? 100;
        return step switch
        {
            { SetWeight: { } weight } when weight < 0 || weight > total => FieldError.Invalid($"{path}.setWeight", weight, $"SetWeight needs to be between 0 and {total}"),
            { Pause: { } pause } when PauseDuration.Seconds(pause) is < 0 and var seconds => FieldError.Invalid(
                $"{path}.pause.duration", seconds, "Duration needs to be greater than 0"),
            { Analysis.Templates: null or { Count: 0 } } => FieldError.Required(
                $"{path}.analysis.templates", "an analysis step needs at least one template, or it could never end"),
            { SetCanaryScale: not null } when strategy.TrafficRouting is null => FieldError.Required(
                "spec.strategy.canary.trafficRouting", "SetCanaryScale requires TrafficRouting to be set"),
            { SetHeaderRoute: not null } or { SetMirrorRoute: not null } => RoutingValidation.StepError(strategy.TrafficRouting, step, path),
            { Experiment: not null } => FieldError.Invalid($"{path}.experiment", "", "this version does not run experiments: remove the step"),
            { Plugin: { } plugin } => FieldError.Invalid($"{path}.plugin.name", plugin.Name, "this version has no step plugins: remove the step"),
            _ => null,
        };
    }

    private static string Is(object? member) => member is null ? "false" : "true";
}
