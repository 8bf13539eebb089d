using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Validation;
using DaprRollouts.Tests.Core.Planning;

namespace DaprRollouts.Tests.Core.Validation;

/// <summary>What makes a manifest one that cannot be run, in the words of Argo Rollouts.</summary>
public sealed class SpecValidationTests
{
    [Theory]
    [InlineData("""{"replicas": -1}""", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"selector": null}""", "spec.selector: Required value: Rollout has missing field '.spec.selector'")]
    [InlineData("""{"selector": {"matchLabels": {"app": null}}}""", "spec.selector: Invalid value: {}: empty selector is invalid for deployment")]
    [InlineData(
        """{"selector": {"matchLabels": {"app": "other"}}}""", "spec.template.metadata.labels: Invalid value: {\"app\":\"app\"}: `selector` does not match template `labels`")]
    [InlineData(
        """{"selector": {"matchExpressions": [{"key": "app", "operator": "Has"}]}}""", "spec.selector.matchExpressions[0].operator: Invalid value: \"Has\": not a valid selector operator")]
    [InlineData(
        """{"selector": {"matchExpressions": [{"key": "app", "operator": "Exists"}, {"key": "app", "operator": "NotIn"}]}}""",
        "spec.selector.matchExpressions[1].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData(
        """{"selector": {"matchExpressions": [{"key": "app", "operator": "Exists", "values": ["app"]}]}}""",
        "spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    [InlineData(
        """{"template": {"metadata": {"labels": {"tier": "a-b", "app": "other"}}}}""",
        "spec.template.metadata.labels: Invalid value: {\"app\":\"other\",\"tier\":\"a-b\"}: `selector` does not match template `labels`")]
    [InlineData("""{"template": {"metadata": {"labels": null}}}""", "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`")]
    [InlineData("""{"template": {"spec": {"restartPolicy": "Never"}}}""", "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"")]
    [InlineData("""{"template": {"spec": {"containers": []}}}""", "spec.template.spec.containers: Required value")]
    [InlineData("""{"template": {"spec": {"containers": [{"name": "app"}]}}}""", "spec.template.spec.containers[0].image: Required value")]
    [InlineData(
        """{"template": {"spec": {"containers": [{"name": "a", "image": "i"}, {"name": "a", "image": "i"}]}}}""", "spec.template.spec.containers[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"replicas": -1, "selector": null}""", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"minReadySeconds": -1, "selector": null}""", "spec.selector: Required value: Rollout has missing field '.spec.selector'")]
    [InlineData("""{"minReadySeconds": -1}""", "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"revisionHistoryLimit": -1}""", "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"progressDeadlineSeconds": -1}""", "spec.progressDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"progressDeadlineSeconds": 5, "minReadySeconds": 5}""", "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds")]
    [InlineData(
        """{"strategy": {"canary": null}}""", "spec.strategy.strategy: Required value: Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'")]
    [InlineData("""{"strategy": {"blueGreen": {"activeService": "a"}}}""", "spec.strategy.strategy: Invalid value: \"blueGreen: true canary: true\": Multiple Strategies can not be listed")]
    public void Of_the_Rollout(string patch, string error) => Assert.Equal(error, ErrorOf(patch));

    [Theory]
    [InlineData("""{"maxSurge": 0, "maxUnavailable": 0}""", "maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero")]
    [InlineData("""{"maxSurge": "some", "maxUnavailable": "00%"}""", "maxSurge: Invalid value: \"some\": MaxSurge and MaxUnavailable both can not be zero")]
    [InlineData("""{"maxSurge": "0%", "maxUnavailable": "0"}""", "maxSurge: Invalid value: \"0%\": MaxSurge and MaxUnavailable both can not be zero")]
    [InlineData(
        """{"canaryService": "a", "stableService": "a"}""",
        "stableService: Invalid value: \"a\": This rollout uses the same service for the stable and canary services, but two different services are required.")]
    [InlineData("""{"scaleDownDelaySeconds": 5}""", "scaleDownDelaySeconds: Invalid value: 5: Canary scaleDownDelaySeconds can only be used with traffic routing")]
    [InlineData("""{"dynamicStableScale": true}""", "dynamicStableScale: Invalid value: true: Canary dynamicStableScale can only be used with traffic routing")]
    [InlineData(
        """{"steps": [{"setWeight": 1, "pause": {}}]}""",
        "steps[0]: Invalid value: \"step.Experiment: false step.Pause: true step.SetWeight: true step.Analysis: false\": Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause")]
    [InlineData(
        """{"steps": [{"pause": {}}, {}]}""",
        "steps[1]: Invalid value: \"step.Experiment: true step.Pause: true step.SetWeight: true step.Analysis: true step.SetCanaryScale: true step.SetHeaderRoute: true step.SetMirrorRoute: true step.Plugin: true\": Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause")]
    [InlineData("""{"steps": [{"setWeight": 101}]}""", "steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100")]
    [InlineData("""{"steps": [{"setWeight": -1}]}""", "steps[0].setWeight: Invalid value: -1: SetWeight needs to be between 0 and 100")]
    [InlineData("""{"steps": [{"pause": {"duration": "10z"}}]}""", "steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0")]
    [InlineData("""{"steps": [{"pause": {"duration": -1}}]}""", "steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0")]
    [InlineData("""{"steps": [{"pause": {"duration": "-1m30s"}}]}""", "steps[0].pause.duration: Invalid value: -90: Duration needs to be greater than 0")]
    [InlineData("""{"steps": [{"pause": {"duration": "20000000000"}}]}""", "steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0")]
    [InlineData("""{"steps": [{"setCanaryScale": {"weight": 1}}]}""", "trafficRouting: Required value: SetCanaryScale requires TrafficRouting to be set")]
    [InlineData(
        """{"steps": [{"setHeaderRoute": {"name": "h"}}]}""", "steps[0].setHeaderRoute: Invalid value: {\"name\":\"h\"}: SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix")]
    [InlineData(
        """{"steps": [{"setMirrorRoute": {"name": "m"}}]}""", "steps[0].setMirrorRoute: Invalid value: {\"name\":\"m\"}: SetMirrorRoute requires TrafficRouting, supports Istio and Plugins")]
    [InlineData(
        """{"antiAffinity": {}}""",
        "antiAffinity: Invalid value: \"antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: false antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: false\": AntiAffinity must have exactly one strategy listed")]
    [InlineData(
        """{"antiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 1}, "requiredDuringSchedulingIgnoredDuringExecution": {}}}""",
        "antiAffinity: Invalid value: \"antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: true antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: true\": AntiAffinity must have exactly one strategy listed")]
    [InlineData(
        """{"antiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": {}}}""",
        "antiAffinity.preferredDuringSchedulingIgnoredDuringExecution.weight: Invalid value: 0: AntiAffinity weight must be between 1-100")]
    [InlineData("""{"pingPong": {"pongService": "b"}}""", "pingPong.pingService: Invalid value: \"\": Ping service and Pong service must to be set to use Ping-Pong feature")]
    [InlineData(
        """{"antiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 101}}}""",
        "antiAffinity.preferredDuringSchedulingIgnoredDuringExecution.weight: Invalid value: 101: AntiAffinity weight must be between 1-100")]
    public void Of_a_canary(string canary, string error) =>
        Assert.Equal($"spec.strategy.canary.{error}", ErrorOf(new JsonObject { ["strategy"] = new JsonObject { ["canary"] = JsonNode.Parse(canary) } }.ToJsonString()));

    [Theory]
    [InlineData(
        """{}""", "activeService: Invalid value: \"\": This rollout uses the same service for the active and preview services, but two different services are required.")]
    [InlineData(
        """{"activeService": "a", "previewService": "a"}""",
        "activeService: Invalid value: \"a\": This rollout uses the same service for the active and preview services, but two different services are required.")]
    [InlineData(
        """{"activeService": "a", "scaleDownDelayRevisionLimit": 11}""",
        "scaleDownDelayRevisionLimit: Invalid value: 11: This rollout's revision history limit can not be smaller than the rollout's scale down limit")]
    public void Of_a_blue_green(string blueGreen, string error) => Assert.Equal(
        $"spec.strategy.blueGreen.{error}",
        ErrorOf(new JsonObject { ["strategy"] = new JsonObject { ["canary"] = null, ["blueGreen"] = JsonNode.Parse(blueGreen) } }.ToJsonString()));

    [Theory]
    [InlineData("""{"trafficRouting": {"nginx": {}}}""", "stableService", "Invalid value: \"\"", "Canary service and Stable service must to be set to use Traffic Routing")]
    [InlineData("""{"stableService": "s", "trafficRouting": {"smi": {}}}""", "canaryService", "Invalid value: \"\"", "Canary service and Stable service must to be set to use Traffic Routing")]
    [InlineData(
        """{"pingPong": {"pingService": "a", "pongService": "b"}, "trafficRouting": {"nginx": {}}}""",
        "trafficRouting.alb",
        "Invalid value: null",
        "Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only")]
    [InlineData(
        """{"pingPong": {"pingService": "a"}, "trafficRouting": {"alb": {"rootService": "r"}}}""",
        "pingPong.pongService",
        "Invalid value: \"\"",
        "Ping service and Pong service must to be set to use Ping-Pong feature")]
    [InlineData(
        """{"pingPong": {"pingService": "a", "pongService": "a"}, "trafficRouting": {"alb": {"rootService": "r"}}}""",
        "pingPong.pingService",
        "Invalid value: \"a\"",
        "This rollout uses the same service for the ping and pong services, but two different services are required.")]
    [InlineData(
        """{"pingPong": {"pingService": "a", "pongService": "b"}, "trafficRouting": {"alb": {}}}""",
        "trafficRouting.alb.rootService",
        "Invalid value: \"\"",
        "Root service field is required for the configuration with ALB and ping-pong feature enabled")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "dynamicStableScale": true, "scaleDownDelaySeconds": 1, "trafficRouting": {"smi": {}}}""",
        "dynamicStableScale",
        "Invalid value: true",
        "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"smi": {}, "maxTrafficWeight": 10}}""",
        "trafficRouting.maxTrafficWeight",
        "Invalid value: 10",
        "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"nginx": {"stableIngress": "i"}, "maxTrafficWeight": 10}, "steps": [{"setWeight": 11}]}""",
        "steps[0].setWeight",
        "Invalid value: 11",
        "SetWeight needs to be between 0 and 10")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"alb": {}}, "steps": [{"setMirrorRoute": {"name": "m"}}]}""",
        "steps[0].setMirrorRoute",
        "Invalid value: {\"name\":\"m\"}",
        "SetMirrorRoute requires TrafficRouting, supports Istio and Plugins")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"istio": {}}, "steps": [{"setMirrorRoute": {"name": "m"}}]}""",
        "trafficRouting.managedRoutes",
        "Required value",
        "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"istio": {}, "managedRoutes": [{"name": "h"}]}, "steps": [{"setHeaderRoute": {"name": "x"}}]}""",
        "steps[0].setHeaderRoute",
        "Invalid value: \"x\"",
        "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"istio": {}, "managedRoutes": [{"name": "h"}]}, "steps": [{"setHeaderRoute": {"name": "h", "match": [{"headerName": "a", "headerValue": {}}]}}]}""",
        "steps[0].setHeaderRoute.match[0]",
        "Invalid value: {}",
        "StringMatch value missed, match value must have one of the following: exact, regex, prefix")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"istio": {}, "managedRoutes": [{"name": "h"}]}, "steps": [{"setHeaderRoute": {"name": "h", "match": [{"headerName": "a", "headerValue": {"exact": "x", "regex": "y"}}]}}]}""",
        "steps[0].setHeaderRoute.match[0]",
        "Invalid value: {\"exact\":\"x\",\"regex\":\"y\"}",
        "StringMatch match value must have exactly one of the following: exact, regex, prefix")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"alb": {}, "managedRoutes": [{"name": "h"}]}, "steps": [{"setHeaderRoute": {"name": "h", "match": [{"headerName": "a", "headerValue": {"prefix": "x"}}]}}]}""",
        "steps[0].setHeaderRoute.match[0]",
        "Invalid value: {\"prefix\":\"x\"}",
        "SetHeaderRoute match value invalid. ALB supports 'exact' value only")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"alb": {}, "managedRoutes": [{"name": "h"}]}, "steps": [{"setHeaderRoute": {"name": "h", "match": [{"headerName": "a"}]}}]}""",
        "steps[0].setHeaderRoute.match[0]",
        "Invalid value: null",
        "StringMatch value missed, match value must have one of the following: exact, regex, prefix")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"istio": {}, "managedRoutes": [{"name": "h"}]}, "steps": [{"setHeaderRoute": {"name": "h"}, "setMirrorRoute": {"name": "m"}}]}""",
        "steps[0].setMirrorRoute",
        "Invalid value: \"m\"",
        "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes")]
    [InlineData(
        """{"canaryService": "c", "stableService": "s", "trafficRouting": {"istio": {}, "managedRoutes": []}, "steps": [{"setMirrorRoute": {"name": "m"}}]}""",
        "steps[0].setMirrorRoute",
        "Invalid value: \"m\"",
        "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes")]
    public void Of_traffic_routing(string canary, string path, string value, string detail) => Assert.Equal(
        $"spec.strategy.canary.{path}: {value}: {detail}", ErrorOf(new JsonObject { ["strategy"] = new JsonObject { ["canary"] = JsonNode.Parse(canary) } }.ToJsonString()));

    [Theory]
    [InlineData("metadata.name", true)]
    [InlineData("metadata.labels['team']", true)]
    [InlineData("metadata.annotations['a.b/c']", true)]
    [InlineData("metadata.labels", true)]
    [InlineData("spec.replicas", true)]
    [InlineData("metadata.generation", false)]
    [InlineData("metadata.labels[team]", false)]
    [InlineData("metadata", false)]
    public void Fields_of_metadata_are_those_of_the_downward_API(string field, bool valid)
    {
        var analysis = new RolloutAnalysis
        {
            Templates = [new AnalysisTemplateRef { TemplateName = "t" }],
            Args = [new AnalysisRunArgument { Name = "a", ValueFrom = new ArgumentValueFrom { FieldRef = new FieldRef { FieldPath = field } } }],
        };
        var world = CanaryPlanningTests.Canary(1, [new CanaryStep { Analysis = analysis }]);

        Assert.Equal(
            valid ? null : $$$$"""spec.strategy.canary.steps[0].analyses: Invalid value: [{"name":"a","valueFrom":{"fieldRef":{"fieldPath":"{{{{field}}}}"}}}]: Analyses arguments must refer to valid object metadata supported by downwardAPI""",
            SpecValidation.FirstError(world.Seen));
    }

    [Fact]
    public void A_service_must_exist_fit_and_belong_to_nobody_else()
    {
        var world = new World(new RolloutSpec { Strategy = new RolloutStrategy { Canary = new CanaryStrategy { CanaryService = "canary" } } });
        Assert.Equal("spec.strategy.canary.canaryService: Invalid value: \"canary\": service \"canary\" not found", SpecValidation.FirstError(world.Seen));

        Assert.Equal(
            "spec.strategy.canary.canaryService: Invalid value: \"canary\": Service \"canary\" has unmatch label \"app\" in rollout",
            SpecValidation.FirstError(With(new ServiceView { Name = "canary", Selector = new Dictionary<string, string> { ["app"] = "other" } })));
        Assert.Equal(
            "spec.strategy.canary.canaryService: Invalid value: \"canary\": Service \"canary\" is managed by another Rollout",
            SpecValidation.FirstError(With(new ServiceView { Name = "canary", ManagedBy = "other" })));
        Assert.Null(SpecValidation.FirstError(With(new ServiceView { Name = "canary", ManagedBy = "app" })));

        Observation With(ServiceView service) => world.Seen with { Services = new Dictionary<string, ServiceView> { [service.Name] = service } };
    }

    private static string? ErrorOf(string patch)
    {
        var world = CanaryPlanningTests.Canary(1, []);
        var spec = MergePatch.Apply(ModelJson.ToNode(world.Rollout.Spec), (JsonObject)JsonNode.Parse(patch)!);
        return SpecValidation.FirstError(world.Seen with { Rollout = world.Rollout with { Spec = spec.Deserialize<RolloutSpec>(ModelJson.Options)! } });
    }
}
