using DaprRollouts.Core.Model;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>Whether the analyses of a Rollout could be run: their templates exist, fit together and get their arguments.</summary>
public static class RolloutAnalysisValidation
{
    private const string DummyHash = "dummy-hash";
    private const string DummyValue = "dummy-value";
    private const string Strategy = "spec.strategy";

    /// <summary>The first error as <c>path: Invalid value: ...</c>, or null.</summary>
    /// <param name="rollout">The Rollout as JSON; field references are read from it.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="templates">Finds templates of the Rollout's namespace and of the cluster.</param>
    public static string? FirstError(System.Text.Json.Nodes.JsonObject rollout, RolloutSpec spec, TemplateLookup templates)
    {
        var source = new RolloutSource(rollout, DummyHash, DummyHash);
        foreach (var (path, analysis, isBackground) in Analyses(spec.Strategy))
        {
            try
            {
                if (Check(analysis, isBackground, source, templates) is { } found)
                {
                    return FieldError.Invalid($"{path}.templates", found.Template, found.Error);
                }
            }
            catch (InvalidAnalysisException e)
            {
                return FieldError.Invalid($"{path}.templates", Named(analysis.Templates ?? [], templates), e.Message);
            }
        }

        return null;
    }

    /// <summary>All analyses that a strategy asks for.</summary>
    public static IEnumerable<RolloutAnalysis> All(RolloutStrategy? strategy) => Analyses(strategy).Select(a => a.Analysis);

    private static IEnumerable<(string Path, RolloutAnalysis Analysis, bool IsBackground)> Analyses(RolloutStrategy? strategy)
    {
        var steps = strategy?.Canary?.Steps ?? [];
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Analysis is { } step)
            {
                yield return ($"{Strategy}.canary.steps[{i}].analysis", step, false);
            }
        }

        if (strategy?.Canary?.Analysis is { } background)
        {
            yield return ($"{Strategy}.canary.analysis", background, true);
        }

        if (strategy?.BlueGreen?.PrePromotionAnalysis is { } pre)
        {
            yield return ($"{Strategy}.blueGreen.prePromotionAnalysis", pre, false);
        }

        if (strategy?.BlueGreen?.PostPromotionAnalysis is { } post)
        {
            yield return ($"{Strategy}.blueGreen.postPromotionAnalysis", post, false);
        }
    }

    // The template that is not there, or else all of them.
    private static string? Named(IReadOnlyList<AnalysisTemplateRef> references, TemplateLookup templates) =>
        references.FirstOrDefault(r => templates(r) is null) is { } missing
            ? missing.TemplateName
            : $"templateNames: [{string.Join(' ', references.Select(r => r.TemplateName))}]";

    private static (string? Template, string Error)? Check(RolloutAnalysis analysis, bool isBackground, RolloutSource source, TemplateLookup templates)
    {
        if (analysis.Templates is null or { Count: 0 })
        {
            throw new InvalidAnalysisException("an analysis needs templates: without any it would measure nothing");
        }

        var given = Arguments.OfRollout(analysis.Args, source, tolerateMissingFields: true);
        var spec = AnalysisRunFactory.Spec(analysis.Templates, templates, given, analysis.DryRun, analysis.MeasurementRetention);
        if (isBackground)
        {
            return null; // it may run until the rollout ends, and takes what it is given
        }

        var values = (spec.Args ?? []).ToDictionary(a => a.Name ?? "", a => a.Value ?? DummyValue);
        return TemplateSet.References(analysis.Templates, templates)
            .Select(r => (r.TemplateName, Error: Check(r.TemplateName, templates(r)!, values)))
            .Where(c => c.Error is not null)
            .Select(c => ((string?, string)?)(c.TemplateName, c.Error!))
            .FirstOrDefault();
    }

    private static string? Check(string? name, AnalysisTemplateSpec template, Dictionary<string, string> values)
    {
        if (template.Args?.FirstOrDefault(a => a is { Value: not null, ValueFrom: not null }) is { } twofold)
        {
            return $"AnalysisTemplate {name}: arg '{twofold.Name}' has both Value and ValueFrom fields";
        }

        try
        {
            return (template.Metrics ?? []).Select(m => Placeholders.Fill(m, values)).FirstOrDefault(m => MetricLimits.Of(m).Count is null) is { } endless
                ? $"AnalysisTemplate {name} has metric {endless.Name} which runs indefinitely. Invalid value for count: {endless.Count?.ToString() ?? "<nil>"}"
                : null;
        }
        catch (InvalidAnalysisException e)
        {
            return $"AnalysisTemplate {name}: {e.Message}";
        }
    }
}
