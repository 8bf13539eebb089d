using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>Finds a template: a ClusterAnalysisTemplate if the reference says so, else an AnalysisTemplate of the owner's namespace. Null if there is none.</summary>
public delegate AnalysisTemplateSpec? TemplateLookup(AnalysisTemplateRef reference);

/// <summary>The templates that references lead to, and the one template that they make together.</summary>
public static class TemplateSet
{
    /// <summary>Namespaced templates in the order found, then those of the cluster; nested ones follow the one that names them.</summary>
    /// <exception cref="InvalidAnalysisException">A template is missing, or contains itself.</exception>
    public static IReadOnlyList<AnalysisTemplateSpec> Collect(IReadOnlyList<AnalysisTemplateRef>? references, TemplateLookup lookup)
    {
        var search = new Search(lookup);
        search.Follow(references ?? [], []);
        return [.. search.Namespaced, .. search.OfCluster];
    }

    /// <summary>The references to all templates that the given ones lead to, nested ones after the one that names them.</summary>
    /// <exception cref="InvalidAnalysisException">A template is missing, or contains itself.</exception>
    public static IReadOnlyList<AnalysisTemplateRef> References(IReadOnlyList<AnalysisTemplateRef>? references, TemplateLookup lookup)
    {
        var search = new Search(lookup);
        search.Follow(references ?? [], []);
        return search.References;
    }

    /// <summary>One template from all.</summary>
    /// <exception cref="InvalidAnalysisException">They contradict each other.</exception>
    public static AnalysisTemplateSpec Flatten(IReadOnlyList<AnalysisTemplateSpec> templates)
    {
        List<Metric> metrics = [.. templates.SelectMany(t => t.Metrics ?? [])];
        if (FirstDouble(metrics.Select(m => m.Name)) is { } metric)
        {
            throw new InvalidAnalysisException($"two metrics have the same name '{metric}'");
        }

        return new AnalysisTemplateSpec
        {
            Metrics = metrics,
            Args = FlattenArguments(templates.SelectMany(t => t.Args ?? [])),
            DryRun = Join(templates.SelectMany(t => t.DryRun ?? [])),
            MeasurementRetention = Join(templates.SelectMany(t => t.MeasurementRetention ?? [])),
        };
    }

    /// <summary>The rules together; no two may have the same text.</summary>
    public static IReadOnlyList<DryRun> Join(IEnumerable<DryRun> rules) =>
        Distinct([.. rules], r => r.MetricName, "Dry-Run");

    /// <inheritdoc cref="Join(IEnumerable{DryRun})"/>
    public static IReadOnlyList<MeasurementRetention> Join(IEnumerable<MeasurementRetention> rules) =>
        Distinct([.. rules], r => r.MetricName, "Measurement Retention");

    private static List<T> Distinct<T>(List<T> rules, Func<T, string?> name, string kind) =>
        FirstDouble(rules.Select(name)) is { } twice
            ? throw new InvalidAnalysisException($"two {kind} metric rules have the same name '{twice}'")
            : rules;

    private static string? FirstDouble(IEnumerable<string?> names)
    {
        HashSet<string?> seen = [];
        return names.FirstOrDefault(n => !seen.Add(n));
    }

    private static List<AnalysisArgument> FlattenArguments(IEnumerable<AnalysisArgument> arguments)
    {
        List<AnalysisArgument> flat = [];
        foreach (var argument in arguments)
        {
            var index = flat.FindIndex(a => a.Name == argument.Name);
            if (index < 0)
            {
                flat.Add(argument);
            }
            else if (flat[index].Value is null)
            {
                flat[index] = argument;
            }
            else if (argument.Value is not null && argument.Value != flat[index].Value)
            {
                throw new InvalidAnalysisException($"Argument `{argument.Name}` specified multiple times with different values: '{flat[index].Value}', '{argument.Value}'");
            }
        }

        return flat;
    }

    private sealed class Search(TemplateLookup lookup)
    {
        private readonly HashSet<(string?, bool)> _found = [];

        public List<AnalysisTemplateSpec> Namespaced { get; } = [];

        public List<AnalysisTemplateRef> References { get; } = [];

        public List<AnalysisTemplateSpec> OfCluster { get; } = [];

        public void Follow(IReadOnlyList<AnalysisTemplateRef> references, List<(string? Name, bool OfCluster)> path)
        {
            foreach (var reference in references)
            {
                var key = (reference.TemplateName, reference.ClusterScope == true);
                if (path.Contains(key))
                {
                    var names = path.SkipWhile(p => p != key).Append(key).Select(p => p.Item1);
                    throw new InvalidAnalysisException($"templates contain each other in a circle: {string.Join(" -> ", names)}");
                }

                if (_found.Add(key))
                {
                    Take(reference, [.. path, key]);
                }
            }
        }

        private void Take(AnalysisTemplateRef reference, List<(string?, bool)> path)
        {
            var kind = reference.ClusterScope == true ? "ClusterAnalysisTemplate" : "AnalysisTemplate";
            var template = lookup(reference) ?? throw new InvalidAnalysisException($"{kind} '{reference.TemplateName}' not found");
            (reference.ClusterScope == true ? OfCluster : Namespaced).Add(template);
            References.Add(reference);
            Follow(template.Templates ?? [], path);
        }
    }
}
