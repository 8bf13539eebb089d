using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Steps;

/// <summary>Steps in one line.</summary>
public static class StepText
{
    /// <summary>A step as events name it, such as <c>setWeight: 20</c>.</summary>
    public static string Of(CanaryStep step) => step switch
    {
        { SetWeight: { } weight } => $"setWeight: {weight}",
        { Pause: { Duration: { } duration } } => $"pause: {duration}",
        { Pause: not null } => "pause",
        { Experiment: not null } => "experiment",
        { Analysis: not null } => "analysis",
        { SetCanaryScale: { MatchTrafficWeight: true } } => "setCanaryScale{matchTrafficWeight: true}",
        { SetCanaryScale: { Replicas: { } replicas } } => $"setCanaryScale{{replicas: {replicas}}}",
        { SetCanaryScale: { Weight: { } weight } } => $"setCanaryScale{{weight: {weight}}}",
        { SetHeaderRoute: { } route } => $"setHeaderRoute: {route.Name}",
        { SetMirrorRoute: { } route } => $"setMirrorRoute: {route.Name}",
        { Plugin: { } plugin } => $"plugin: {plugin.Name}",
        _ => "invalid",
    };
}
