using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Model;

/// <summary>One step of a canary, as the manifest has it.</summary>
public sealed record CanaryStep
{
    public RolloutAnalysis? Analysis { get; init; }

    public ExperimentStep? Experiment { get; init; }

    public PauseStep? Pause { get; init; }

    public PluginStep? Plugin { get; init; }

    public SetCanaryScaleStep? SetCanaryScale { get; init; }

    public SetHeaderRouteStep? SetHeaderRoute { get; init; }

    public SetMirrorRouteStep? SetMirrorRoute { get; init; }

    public int? SetWeight { get; init; }
}

/// <summary>Waits for a duration, or for a promotion if there is none.</summary>
public sealed record PauseStep
{
    /// <summary>Seconds, or a duration such as <c>1h30m</c>.</summary>
    public IntOrString? Duration { get; init; }
}

/// <summary>Runs a step of a plugin.</summary>
public sealed record PluginStep
{
    public JsonObject? Config { get; init; }

    [RequiredField]
    public string? Name { get; init; }
}

/// <summary>Sizes the canary apart from its weight; needs traffic routing.</summary>
public sealed record SetCanaryScaleStep
{
    public bool? MatchTrafficWeight { get; init; }

    public int? Replicas { get; init; }

    public int? Weight { get; init; }
}

/// <summary>Sends requests with certain headers to the canary.</summary>
public sealed record SetHeaderRouteStep
{
    public IReadOnlyList<HeaderRoutingMatch>? Match { get; init; }

    public string? Name { get; init; }
}

/// <summary>A header and what its value must be.</summary>
public sealed record HeaderRoutingMatch
{
    [RequiredField]
    public string? HeaderName { get; init; }

    [RequiredField]
    public StringMatch? HeaderValue { get; init; }
}

/// <summary>Mirrors requests to the canary.</summary>
public sealed record SetMirrorRouteStep
{
    public IReadOnlyList<RouteMatch>? Match { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    public int? Percentage { get; init; }
}

/// <summary>What a request must be like.</summary>
public sealed record RouteMatch
{
    public IReadOnlyDictionary<string, StringMatch>? Headers { get; init; }

    public StringMatch? Method { get; init; }

    public StringMatch? Path { get; init; }
}

/// <summary>A match of a text: exactly one of the three.</summary>
public sealed record StringMatch
{
    public string? Exact { get; init; }

    public string? Prefix { get; init; }

    public string? Regex { get; init; }
}

/// <summary>Runs an Experiment.</summary>
public sealed record ExperimentStep
{
    public IReadOnlyList<ExperimentStepAnalysis>? Analyses { get; init; }

    public AnalysisRunMetadata? AnalysisRunMetadata { get; init; }

    public IReadOnlyList<DryRun>? DryRun { get; init; }

    public string? Duration { get; init; }

    public int? ScaleDownDelaySeconds { get; init; }

    [RequiredField]
    public IReadOnlyList<ExperimentStepTemplate>? Templates { get; init; }
}

/// <summary>An analysis of an Experiment step.</summary>
public sealed record ExperimentStepAnalysis
{
    public IReadOnlyList<AnalysisRunArgument>? Args { get; init; }

    public bool? ClusterScope { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    public bool? RequiredForCompletion { get; init; }

    [RequiredField]
    public string? TemplateName { get; init; }
}

/// <summary>A set of pods of an Experiment step.</summary>
public sealed record ExperimentStepTemplate
{
    public PodMetadata? Metadata { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    public int? Replicas { get; init; }

    public LabelSelector? Selector { get; init; }

    public ExperimentStepService? Service { get; init; }

    /// <summary>canary or stable.</summary>
    [RequiredField]
    public string? SpecRef { get; init; }

    public int? Weight { get; init; }
}

/// <summary>The Service of an Experiment's template.</summary>
public sealed record ExperimentStepService
{
    public string? Name { get; init; }
}
