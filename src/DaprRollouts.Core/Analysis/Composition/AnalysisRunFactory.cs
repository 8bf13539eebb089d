using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>Makes AnalysisRuns from what a Rollout asks for.</summary>
public static class AnalysisRunFactory
{
    /// <summary>The spec of a run: the templates flattened, the arguments with their values.</summary>
    /// <exception cref="InvalidAnalysisException">Templates or arguments do not fit together.</exception>
    public static AnalysisRunSpec Spec(
        IReadOnlyList<AnalysisTemplateRef>? references,
        TemplateLookup templates,
        IReadOnlyList<AnalysisArgument> given,
        IReadOnlyList<DryRun>? dryRun = null,
        IReadOnlyList<MeasurementRetention>? retention = null)
    {
        var template = TemplateSet.Flatten(TemplateSet.Collect(references, templates));
        return new AnalysisRunSpec
        {
            Metrics = template.Metrics,
            Args = NullIfEmpty(Arguments.Merge(template.Args ?? [], given)),
            DryRun = NullIfEmpty(TemplateSet.Join([.. dryRun ?? [], .. template.DryRun ?? []])),
            MeasurementRetention = NullIfEmpty(TemplateSet.Join([.. retention ?? [], .. template.MeasurementRetention ?? []])),
        };
    }

    /// <summary>The run that a Rollout wants to make.</summary>
    /// <exception cref="InvalidAnalysisException">Templates or arguments do not fit together.</exception>
    public static AnalysisRunDraft ForRollout(AnalysisOrder order, TemplateLookup templates) => new()
    {
        Labels = Labels(order),
        Annotations = Annotations(order),
        Spec = Spec(
            order.Analysis.Templates,
            templates,
            Arguments.OfRollout(order.Analysis.Args, order.Rollout),
            order.Analysis.DryRun,
            order.Analysis.MeasurementRetention),
    };

    /// <summary>
    /// Whether an object that already has the wanted name may serve: not completed, of the same owner, and asking for the same.
    /// Otherwise the next name is tried.
    /// </summary>
    public static bool CanAdopt(AnalysisRunSpec wanted, AnalysisRunSpec existing, string? existingPhase) =>
        !AnalysisPhase.IsCompleted(existingPhase) && JsonNode.DeepEquals(Compared(wanted), Compared(existing));

    /// <summary>The name to try after so many collisions.</summary>
    public static string Name(string wanted, int collisions) => collisions == 0 ? wanted : $"{wanted}.{collisions}";

    private static JsonObject Compared(AnalysisRunSpec spec) => ModelJson.ToNode(new AnalysisRunSpec
    {
        Metrics = spec.Metrics,
        Args = NullIfEmpty(spec.Args),
        DryRun = NullIfEmpty(spec.DryRun),
        MeasurementRetention = NullIfEmpty(spec.MeasurementRetention),
    });

    private static Dictionary<string, string> Labels(AnalysisOrder order)
    {
        Dictionary<string, string> labels = new()
        {
            [ArgoNames.PodTemplateHash] = order.Rollout.NewHash,
            [ArgoNames.RolloutType] = order.Role,
        };
        if (order.StepIndex is { } index)
        {
            labels[ArgoNames.StepIndex] = $"{index}";
        }

        if (order.Rollout.Manifest["metadata"]?["labels"]?[ArgoNames.InstanceId]?.ToString() is { Length: > 0 } instance)
        {
            labels[ArgoNames.InstanceId] = instance;
        }

        Overlay(labels, order.Analysis.AnalysisRunMetadata?.Labels);
        Overlay(labels, order.SelectorLabels);
        return labels;
    }

    private static Dictionary<string, string> Annotations(AnalysisOrder order)
    {
        Dictionary<string, string> annotations = new() { [ArgoNames.Revision] = $"{order.Revision}" };
        Overlay(annotations, order.Analysis.AnalysisRunMetadata?.Annotations);
        return annotations;
    }

    private static void Overlay(Dictionary<string, string> target, IReadOnlyDictionary<string, string>? entries)
    {
        foreach (var (key, value) in entries ?? new Dictionary<string, string>())
        {
            target[key] = value;
        }
    }

    private static IReadOnlyList<T>? NullIfEmpty<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? list : null;
}

/// <summary>An analysis that a Rollout wants now.</summary>
public sealed record AnalysisOrder
{
    public required RolloutAnalysis Analysis { get; init; }

    public required RolloutSource Rollout { get; init; }

    public required long Revision { get; init; }

    /// <summary>Step, Background, PrePromotion or PostPromotion.</summary>
    public required string Role { get; init; }

    /// <summary>The index of the step, for a step's analysis.</summary>
    public int? StepIndex { get; init; }

    /// <summary>The Rollout's <c>spec.selector.matchLabels</c>.</summary>
    public IReadOnlyDictionary<string, string>? SelectorLabels { get; init; }
}

/// <summary>An AnalysisRun to be made.</summary>
public sealed record AnalysisRunDraft
{
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public required AnalysisRunSpec Spec { get; init; }
}
