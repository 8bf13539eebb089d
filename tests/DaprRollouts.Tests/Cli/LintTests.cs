using DaprRollouts.Cli.Linting;

namespace DaprRollouts.Tests.Cli;

/// <summary>Manifests as people write them, with the mistakes that people make: each is named with its line, its field, and what may have been meant.</summary>
public sealed class LintTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_fault_of_a_template_is_named()
    {
        var findings = File("template.yaml");

        Assert.Equal(
            [
                (13, "spec.metrics[0].provider.prometheus.address", "did you mean \"http://prometheus.kub-prometheus-stack.svc.cluster.local:9090\"?"),
                (14, "spec.metrics[0].provider.prometheus.query", "this { is not closed: a } is missing before ["),
                (20, "spec.metrics[0].failureLimite", "unknown field: did you mean \"failureLimit\"?"),
                (21, "spec.metrics[0].successCondition", "result is a list here, also of one value: result[0] is the first"),
            ],
            findings.Select(f => (f.Line, f.Field, new[] { "did you mean \"http://prometheus.kub-prometheus-stack.svc.cluster.local:9090\"?", "this { is not closed: a } is missing before [", "unknown field: did you mean \"failureLimit\"?", "result is a list here, also of one value: result[0] is the first" }
                .Single(part => f.Message.Contains(part, StringComparison.Ordinal)))));
        Assert.All(findings, f => Assert.False(f.IsWarning));
    }

    [Theory]
    [InlineData("background.yaml", 6, 10, "spec.strategy.canary.analysis.template")]
    [InlineData("inline.yaml", 6, 13, "spec.strategy.canary.steps[2].analysis.template")]
    [InlineData("pre-promotion.yaml", 6, 12, "spec.strategy.blueGreen.prePromotionAnalysis.template")]
    [InlineData("post-promotion.yaml", 6, 13, "spec.strategy.blueGreen.postPromotionAnalysis.template")]
    public void Each_fault_of_a_rollout_is_named(string file, int ellipsis, int line, string field)
    {
        var findings = File(file);

        Assert.Contains(findings, f => f.Line == ellipsis && f.Message.StartsWith("\"...\" does not leave anything out: it ends the document", StringComparison.Ordinal));
        Assert.Contains(findings, f => (f.Line, f.Field) == (line, field) && f.Message == "unknown field: did you mean \"templates\"?");
        Assert.Contains(findings, f => f.Field == "spec.selector");
    }

    [Fact]
    public void An_ellipsis_in_brackets_is_named_too() =>
        Assert.Contains(File("workload-ref.yaml"), f => f.Line == 14 && f.Message.StartsWith("\"[...]\" does not leave anything out: it is no field", StringComparison.Ordinal));

    [Fact]
    public void A_rollout_with_the_template_of_a_workload_elsewhere_is_held_against_all_else()
    {
        var rollout = Text("workload-ref.yaml").Replace("[...]", "  strategy: {canary: {steps: [{setWeight: 20}]}}");

        Assert.Empty(Linter.Check([("rollout.yaml", rollout)], Now));
        Assert.Equal("spec.strategy.canary.steps[0].setWeight", Assert.Single(Linter.Check([("rollout.yaml", rollout.Replace("20", "120"))], Now)).Field);
    }

    [Fact]
    public void Mended_there_is_nothing_left_to_say()
    {
        var template = Text("template.yaml").Replace("local.9090", "local:9090").Replace("failureLimite", "failureLimit").Replace("}}\"[2m]", "}}\"}[2m]").Replace("result >=", "result[0] >=");
        var rollout = Text("background.yaml").Replace("template:", "templates:").Replace("cluster.local\n", "cluster.local\n        - {name: namespace, value: default}\n").Replace("...\n", Pod);

        Assert.Empty(Linter.Check([("template.yaml", template), ("background.yaml", rollout)], Now));
    }

    [Fact]
    public void An_argument_that_a_rollout_does_not_give_is_missed()
    {
        var rollout = Text("background.yaml").Replace("template:", "templates:").Replace("...\n", Pod);

        var finding = Assert.Single(Linter.Check([("template.yaml", Text("template.yaml")), ("background.yaml", rollout)], Now), f => f.File == "background.yaml");

        Assert.Equal("spec.strategy.canary.analysis.templates", finding.Field);
        Assert.Contains("args.namespace was not resolved", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("failureCondition: result[0] >= 0.05", "prometheus: {address: 'http://p', query: errors}", "passes when there is no data ([NaN])")]
    [InlineData("successCondition: 'all(result, # < 1)'", "prometheus: {address: 'http://p', query: errors}", "passes when there is no data ([])")]
    [InlineData("successCondition: len(result) == 0 || result[0] < 1", "prometheus: {address: 'http://p', query: errors}", "passes when there is no data ([])")]
    [InlineData("failureCondition: result >= 0.05", "prometheus: {address: 'http://p', query: scalar(errors)}", "passes when there is no data (NaN)")]
    [InlineData("successCondition: default(result, 0) < 0.05", "datadog: {query: q}", "passes when there is no data (nil)")]
    [InlineData("successCondition: default(result, 0) == 0", "web: {url: 'http://w'}", "passes when there is no data (null)")]
    [InlineData("count: 1", "web: {url: 'http://w'}", "has no condition: whatever it measures counts as a success")]
    [InlineData("successCondition: result > 1", "job: {spec: {template: {spec: {containers: [{name: a, image: b}]}}}}", "a job decides by itself")]
    public void A_condition_that_passes_without_data_is_warned_of(string condition, string provider, string warning)
    {
        var finding = Assert.Single(Metric($"{condition}\n    provider: {{{provider}}}"));

        Assert.True(finding.IsWarning);
        Assert.Contains(warning, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("successCondition: result[0] >= 0.95", "prometheus: {address: 'http://p', query: errors}")]
    [InlineData("successCondition: scalar(result) > 1", "web: {url: 'http://w'}", "unknown name scalar")]
    [InlineData("successCondition: result > 1", "graphite: {address: 'http://g', query: q}", "mismatched types")]
    [InlineData("successCondition: result[0].values > 1", "cloudWatch: {metricDataQueries: []}", "there is no field values")]
    [InlineData("successCondition: result[0] + 1", "prometheus: {address: 'http://p', query: errors}", "must be true or false, but is float64")]
    [InlineData("successCondition: result[0] > ", "prometheus: {address: 'http://p', query: errors}", "^")]
    [InlineData("interval: 5\n    count: 3\n    successCondition: result[0] > 1", "prometheus: {address: 'http://p', query: errors}", "must be a string: put quotes around 5")]
    [InlineData("successCondition: result[0] > 1", "prometheus: {address: 'p:9090', query: errors}", "is not an address")]
    [InlineData("successCondition: result[0] > 1", "prometheus: {address: 'http://p', query: 'sum(rate(x[5m])'}", "this ( is not closed")]
    [InlineData("successCondition: result[0] > 1", "prometheus: {address: 'http://p', query: 'x{a=\"b}'}", "the text that starts with \" does not end")]
    [InlineData("successCondition: result.a > 1", "web: {url: 'http://{{args.host}}'}", "names an argument that spec.args does not declare")]
    public void Conditions_are_held_against_what_the_provider_gives(string condition, string provider, params string[] problems)
    {
        var findings = Metric($"{condition}\n    provider: {{{provider}}}").Select(f => f.Message).ToList();

        Assert.True(problems.Length == findings.Count, string.Join("\n", findings));
        Assert.All(problems, p => Assert.Contains(findings, f => f.Contains(p, StringComparison.Ordinal)));
    }

    [Fact]
    public void With_a_policy_for_missing_data_there_is_nothing_to_warn_of()
    {
        var template = Template("failureCondition: result[0] >= 0.05\n    provider: {prometheus: {address: 'http://p', query: errors}}", "dapr-rollouts.io/metrics: 'm: {onNoData: inconclusive}'");

        Assert.Empty(Linter.Check([("t.yaml", template)], Now));
        Assert.Contains("did you mean \"onNoData\"?", Assert.Single(Linter.Check([("t.yaml", template.Replace("onNoData", "onNodata"))], Now), f => !f.IsWarning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_YAML_and_what_has_no_kind_is_named_at_its_line()
    {
        var finding = Assert.Single(Linter.Check([("a.yaml", "a: 1\nb: [\n")], Now));
        Assert.StartsWith("a.yaml:", finding.ToString(), StringComparison.Ordinal);
        Assert.Contains("this is not YAML", finding.Message, StringComparison.Ordinal);

        Assert.Contains("did you mean \"AnalysisTemplate\"?", Assert.Single(Linter.Check([("b.yaml", "kind: AnalisysTemplate\n")], Now)).Message, StringComparison.Ordinal);
        Assert.Equal("c.yaml:1: kind: this manifest has no kind", Assert.Single(Linter.Check([("c.yaml", "a: 1\n")], Now)).ToString());
        Assert.Empty(Linter.Check([("d.yaml", "kind: Service\nspec: {anything: 1}\n---\n")], Now));
    }

    [Fact]
    public void What_has_no_end_is_named()
    {
        foreach (var metadata in (string[])["&a {labels: *a}", new string('[', 100) + new string(']', 100)])
        {
            var finding = Assert.Single(Linter.Check([("a.yaml", $"kind: Rollout\nmetadata: {metadata}\n")], Now));

            Assert.Equal("a.yaml:2: this is not YAML: nested more than 60 levels deep", finding.ToString());
        }
    }

    [Theory]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {ports: 5}\n")]
    [InlineData("kind: Service\nmetadata: {name: a}\n---\nkind: Service\nmetadata: {name: a}\n")]
    [InlineData("kind: Service\n")]
    [InlineData("kind: Deployment\nmetadata: text\nspec: text\n")]
    [InlineData("kind: Deployment\nmetadata: {name: nginx-deployment}\nspec: {selector: 5}\n")]
    public void What_is_wrong_with_other_manifests_stops_nothing(string manifest)
    {
        var rollout = Text("workload-ref.yaml").Replace("  selector:\n    matchLabels:\n      app: nginx\n", "").Replace("[...]", "  strategy: {canary: {steps: [{setWeight: 20}]}}");

        Assert.Empty(Linter.Check([("rollout.yaml", rollout), ("other.yaml", manifest)], Now));
    }

    [Theory]
    [InlineData("nginx: {stableIngress: ing}")]
    [InlineData("alb: {ingress: ing, servicePort: 80}")]
    [InlineData("istio: {virtualService: {name: vsvc}, destinationRule: {name: rule, canarySubsetName: canary, stableSubsetName: stable}}")]
    [InlineData("ambassador: {mappings: [mapping]}")]
    [InlineData("appMesh: {virtualService: {name: svc}, virtualNodeGroup: {canaryVirtualNodeRef: {name: a}, stableVirtualNodeRef: {name: b}}}")]
    [InlineData("nginx: {}", "Either StableIngress or StableIngresses must be configured. Neither are configured.")]
    [InlineData("alb: {servicePort: 80}", "Either Ingress or Ingresses must be configured. Neither are configured.")]
    [InlineData("istio: {}", "either VirtualService or VirtualServices must be configured")]
    [InlineData("ambassador: {mappings: []}", "at least one mapping must be named")]
    public void What_a_router_refers_to_may_be_in_the_cluster(string router, params string[] problems) =>
        Assert.Equal(problems, Linter.Check([("rollout.yaml", Routed(router))], Now).Select(f => f.Message.Split(": ", 2)[1]));

    [Theory]
    [InlineData("nginx: {stableIngress: ing}", "networking.k8s.io/v1", "Ingress", "ing", "{rules: [{http: {paths: [{backend: {service: {name: other}}}]}}]}", "ingress `ing` has no rules using service stable backend")]
    [InlineData("nginx: {stableIngress: ing}", "networking.k8s.io/v1", "Ingress", "ing", "{rules: [{http: {paths: [{backend: {service: {name: stable}}}]}}]}")]
    [InlineData("nginx: {stableIngress: ing}", "networking.k8s.io/v1", "Ingress", "another", "{rules: [{http: {paths: [{backend: {service: {name: other}}}]}}]}")]
    [InlineData("istio: {virtualService: {name: vsvc}}", "networking.istio.io/v1", "VirtualService", "vsvc", "{http: [{route: [{destination: {host: stable}}, {destination: {host: other}}]}]}", "canary")]
    [InlineData("ambassador: {mappings: [mapping]}", "getambassador.io/v2", "Mapping", "mapping", "{weight: 20}", "Ambassador mapping \"mapping\" can not define weight")]
    public void What_a_router_refers_to_is_held_against_it_where_the_file_has_it(string router, string version, string kind, string name, string spec, params string[] problems)
    {
        var findings = Linter.Check([("rollout.yaml", Routed(router)), ("route.yaml", $"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n")], Now);

        Assert.Equal(problems.Length, findings.Count);
        Assert.All(problems, p => Assert.Contains(p, findings[0].Message, StringComparison.Ordinal));
    }

    private const string Pod = """
          selector: {matchLabels: {app: api}}
          template:
            metadata: {labels: {app: api}}
            spec: {containers: [{name: api, image: "example/api:1"}]}

        """;

    private static string Routed(string router) =>
        $"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: api}}\nspec:\n  strategy: {{canary: {{stableService: stable, canaryService: canary, trafficRouting: {{{router}}}}}}}\n{Pod}";

    private static IReadOnlyList<LintFinding> Metric(string metric) => Linter.Check([("t.yaml", Template(metric, "a: b"))], Now);

    private static string Template(string metric, string annotation) =>
        $"apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata:\n  name: t\n  annotations:\n    {annotation}\nspec:\n  metrics:\n  - name: m\n    {metric}\n";

    private static IReadOnlyList<LintFinding> File(string name) => Linter.Check([(name, Text(name))], Now);

    private static string Text(string name) => System.IO.File.ReadAllText(Path.Combine(Repository.Root, "tests", "DaprRollouts.Tests", "Cli", "Manifests", name));
}
