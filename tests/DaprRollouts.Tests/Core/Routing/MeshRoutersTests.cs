using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Routing;

public sealed class MeshRoutersTests
{
    private const string Hosts = """
        {"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"managedRoutes":[{"name":"first"},{"name":"beta"}],"istio":{"virtualService":{"name":"web"}}}}
        """;

    private const string Subsets = """
        {"trafficRouting":{"istio":{"virtualService":{"name":"web"},
         "destinationRule":{"name":"rule","canarySubsetName":"canary","stableSubsetName":"stable","additionalSubsetNames":["legacy"]}}}}
        """;

    private const string Web = """
        {"kind":"VirtualService","metadata":{"name":"web"},"spec":{"hosts":["shop"],"http":[{"name":"primary","timeout":"5s","route":[
          {"destination":{"host":"shop-stable.prod.svc.cluster.local","port":{"number":8080}},"weight":100},{"destination":{"host":"shop-canary"},"weight":0}]}]}}
        """;

    private static readonly WeightDestination Experiment = new() { ServiceName = "shop-exp", Weight = 10, PodTemplateHash = "77aa" };

    [Theory]
    [InlineData(0, 100)]
    [InlineData(20, 80)]
    [InlineData(100, 0)]
    public void Istio_weighs_by_host_and_keeps_the_rest(int canary, int stable)
    {
        var world = new RoutingWorld(Hosts, Web);

        Assert.Null(world.Set(canary));

        RoutingWorld.Same(
            $$$"""
            [{"name":"primary","timeout":"5s","route":[
              {"destination":{"host":"shop-stable.prod.svc.cluster.local","port":{"number":8080}},"weight":{{{stable}}}},{"destination":{"host":"shop-canary"},"weight":{{{canary}}}}]}]
            """,
            world["web"]["spec"]!["http"]);
    }

    [Fact]
    public void Istio_adds_and_removes_experiments_in_one_go()
    {
        var world = new RoutingWorld(Hosts, Web);
        world.Set(20, additional: [Experiment, Experiment with { ServiceName = "shop-b", Weight = 5 }]);
        Assert.Equal([65, 20, 5, 10], Weights(world));
        world.Set(20);

        Assert.Equal([80, 20], Weights(world));
    }

    [Fact]
    public void Istio_header_and_mirror_routes_come_first_in_the_order_of_managed_routes()
    {
        var world = new RoutingWorld(Hosts, Web);
        const string Routes = """
            [{"setHeaderRoute":{"name":"beta","match":[{"headerName":"x-env","headerValue":{"exact":"beta"}},{"headerName":"x-team","headerValue":{"prefix":"qa-"}}]}},
             {"setMirrorRoute":{"name":"first","percentage":35,"match":[{"method":{"exact":"GET"},"path":{"prefix":"/api"}}]}}]
            """;

        Assert.Null(world.Set(20, routes: Routes));

        var http = world["web"]["spec"]!["http"]!;
        Assert.Equal(["first", "beta", "primary"], http.AsArray().Select(r => r!["name"]!.ToString()));
        RoutingWorld.Same(
            """
            {"name":"beta","match":[{"headers":{"x-env":{"exact":"beta"}}},{"headers":{"x-team":{"prefix":"qa-"}}}],
             "route":[{"destination":{"host":"shop-canary","port":{"number":8080}},"weight":100}]}
            """,
            http[1]);
        RoutingWorld.Same(
            """
            {"name":"first","match":[{"method":{"exact":"GET"},"uri":{"prefix":"/api"}}],"route":[
              {"destination":{"host":"shop-stable.prod.svc.cluster.local","port":{"number":8080}},"weight":80},{"destination":{"host":"shop-canary"},"weight":20}],
             "mirror":{"host":"shop-canary","port":{"number":8080}},"mirrorPercentage":{"value":35}}
            """,
            http[0]);

        world.Set(60, routes: Routes);
        Assert.Equal(60, (int)world["web"]["spec"]!["http"]![0]!["route"]![1]!["weight"]!);
        world.Set(0);
        Assert.Single(world["web"]["spec"]!["http"]!.AsArray());
    }

    [Fact]
    public void Istio_subsets_tell_pods_apart_and_keep_what_is_theirs()
    {
        var world = new RoutingWorld(
            Subsets,
            """
            {"kind":"VirtualService","metadata":{"name":"web"},"spec":{"http":[{"route":[
              {"destination":{"host":"shop","subset":"stable"},"weight":100},{"destination":{"host":"shop","subset":"canary"},"weight":0},
              {"destination":{"host":"shop-legacy","subset":"legacy"},"weight":15}]}]}}
            """,
            """
            {"kind":"DestinationRule","metadata":{"name":"rule"},"spec":{"host":"shop","subsets":[
              {"name":"stable","labels":{"app":"shop"},"trafficPolicy":{"tls":{"mode":"SIMPLE"}}},{"name":"canary","labels":{"app":"shop"}},
              {"name":"legacy","labels":{"v":"0"}},{"name":"old-leftover","labels":{"app":"shop"}}]}}
            """);

        Assert.Null(world.Set(20));

        Assert.Equal([65, 20, 15], Weights(world));
        RoutingWorld.Same(
            """
            [{"name":"stable","labels":{"app":"shop","rollouts-pod-template-hash":"5d4b"},"trafficPolicy":{"tls":{"mode":"SIMPLE"}}},
             {"name":"canary","labels":{"app":"shop","rollouts-pod-template-hash":"6f9c"}},{"name":"legacy","labels":{"v":"0"}}]
            """,
            world["rule"]["spec"]!["subsets"]);
        Assert.Equal("shop", world["rule"]["metadata"]!["annotations"]!["argo-rollouts.argoproj.io/managed-by-rollouts"]!.ToString());
        Assert.Equal(["UpdatedDestinationRule", "Updated VirtualService"], world.Notices.Select(n => n.Reason));
    }

    [Fact]
    public void Istio_tls_and_tcp_routes_are_told_apart_by_port_and_name()
    {
        var world = new RoutingWorld(
            Hosts.Replace("\"name\":\"web\"", "\"name\":\"web\",\"tlsRoutes\":[{\"port\":443,\"sniHosts\":[\"a.example\"]}],\"tcpRoutes\":[{\"port\":3306}]"),
            """
            {"kind":"VirtualService","metadata":{"name":"web"},"spec":{
             "tls":[{"match":[{"port":443,"sniHosts":["a.example"]}],"route":[{"destination":{"host":"shop-stable"},"weight":100},{"destination":{"host":"shop-canary"},"weight":0}]},
                    {"match":[{"port":443,"sniHosts":["b.example"]}],"route":[{"destination":{"host":"other"},"weight":100}]}],
             "tcp":[{"match":[{"port":3306}],"route":[{"destination":{"host":"shop-stable"},"weight":100},{"destination":{"host":"shop-canary"},"weight":0}]},
                    {"match":[{"port":3307}],"route":[{"destination":{"host":"other"},"weight":100}]}]}}
            """);

        Assert.Null(world.Set(20));

        Assert.Equal((80, 20), ((int)world["web"]["spec"]!["tls"]![0]!["route"]![0]!["weight"]!, (int)world["web"]["spec"]!["tcp"]![0]!["route"]![1]!["weight"]!));
        Assert.Equal(100, (int)world["web"]["spec"]!["tls"]![1]!["route"]![0]!["weight"]!);
    }

    [Fact]
    public void Istio_says_what_it_cannot_tell_apart()
    {
        Assert.Contains("virtualservices.networking.istio.io \"web\" not found", new RoutingWorld(Hosts).Error);
        Assert.Contains("has several HTTP routes", new RoutingWorld(Hosts, Web.Replace("[{\"name\":\"primary\"", "[{\"name\":\"other\",\"route\":[]},{\"name\":\"primary\"")).Error);
        Assert.Contains("does not lead to shop-canary and shop-stable", new RoutingWorld(Hosts, Web.Replace("\"shop-canary\"", "\"elsewhere\"")).Set(20));
    }

    [Theory]
    [InlineData("http", """{"name":"primary"}""")]
    [InlineData("tls", """{"match":[{"port":443,"sniHosts":["a.example"]}]}""")]
    [InlineData("tcp", """{"match":[{"port":443}]}""")]
    public void A_route_of_Istio_that_does_not_lead_to_both_versions_is_refused_before_anything_is_done(string section, string route)
    {
        Assert.Null(World("shop-stable", "shop-canary.prod.svc.cluster.local").Error);
        Assert.Equal(
            "spec.strategy.canary.trafficRouting.istio.virtualService.name: Invalid value: \"web\": VirtualService `web`: a route does not lead to shop-canary and shop-stable",
            World("other", "shop-canary").Error);
        Assert.Contains("has no routes", World().Error);

        RoutingWorld World(params string[] hosts)
        {
            var one = (JsonObject)JsonNode.Parse(route)!;
            one["route"] = new JsonArray([.. hosts.Select(h => new JsonObject { ["destination"] = new JsonObject { ["host"] = h } })]);
            var routes = hosts.Length == 0 ? new JsonArray("text") : new JsonArray(one);
            return new RoutingWorld(Hosts, new JsonObject { ["kind"] = "VirtualService", ["metadata"] = new JsonObject { ["name"] = "web" }, ["spec"] = new JsonObject { [section] = routes } }.ToJsonString());
        }
    }

    [Fact]
    public void Traefik_weighs_the_named_services()
    {
        var world = new RoutingWorld(
            """{"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"traefik":{"weightedTraefikServiceName":"web"}}}""",
            """{"kind":"TraefikService","metadata":{"name":"web"},"spec":{"weighted":{"services":[{"name":"shop-stable","port":80},{"name":"shop-canary","port":80},{"name":"x","weight":3}]}}}""");

        world.Set(20);

        RoutingWorld.Same(
            """[{"name":"shop-stable","port":80,"weight":80},{"name":"shop-canary","port":80,"weight":20},{"name":"x","weight":3}]""", world["web"]["spec"]!["weighted"]!["services"]);
    }

    [Fact]
    public void Ambassador_has_a_canary_mapping_as_long_as_there_is_a_weight()
    {
        var world = new RoutingWorld(
            """{"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"ambassador":{"mappings":["shop-map"]}}}""",
            """{"kind":"Mapping","metadata":{"name":"shop-map","uid":"m"},"spec":{"prefix":"/shop/","service":"shop-stable.prod:80"}}""");
        world.Set(0);
        Assert.False(world.Has("shop-map-canary"));

        world.Set(20);
        RoutingWorld.Same("""{"prefix":"/shop/","service":"shop-canary.prod:80","weight":20}""", world["shop-map-canary"]["spec"]);
        world.Set(0);

        Assert.False(world.Has("shop-map-canary"));
    }

    [Fact]
    public void App_mesh_nodes_never_have_the_same_selector()
    {
        static string Node(string name) => $$$$$"""{"kind":"VirtualNode","metadata":{"name":"{{{{{name}}}}}"},"spec":{"podSelector":{"matchLabels":{"app":"shop"}}}}""";
        var world = new RoutingWorld(
            """
            {"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"appMesh":{"virtualService":{"name":"shop"},
             "virtualNodeGroup":{"canaryVirtualNodeRef":{"name":"canary-vn"},"stableVirtualNodeRef":{"name":"stable-vn"}}}}}
            """,
            """{"kind":"VirtualService","metadata":{"name":"shop"},"spec":{"provider":{"virtualRouter":{"virtualRouterRef":{"name":"router"}}}}}""",
            """{"kind":"VirtualRouter","metadata":{"name":"router"},"spec":{"routes":[{"name":"main","httpRoute":{"action":{"weightedTargets":[{"virtualNodeRef":{"name":"canary-vn"},"weight":0},{"virtualNodeRef":{"name":"stable-vn"},"weight":100}]}}}]}}""",
            Node("canary-vn"),
            Node("stable-vn"));
        Assert.Null(world.Error);

        Assert.Null(world.Set(20));
        RoutingWorld.Same("""[{"virtualNodeRef":{"name":"canary-vn"},"weight":20},{"virtualNodeRef":{"name":"stable-vn"},"weight":80}]""",
            world["router"]["spec"]!["routes"]![0]!["httpRoute"]!["action"]!["weightedTargets"]);
        Assert.Equal("6f9c", Hash(world["canary-vn"]));
        world.Set(0, canary: "6f9c", stable: "6f9c");

        Assert.Equal(("canary-hash", "6f9c"), (Hash(world["canary-vn"]), Hash(world["stable-vn"])));
    }

    [Fact]
    public void Apisix_header_routes_are_objects_of_their_own()
    {
        var world = new RoutingWorld(
            """{"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"managedRoutes":[{"name":"beta"}],"apisix":{"route":{"name":"web","rules":["main"]}}}}""",
            """
            {"kind":"ApisixRoute","metadata":{"name":"web"},"spec":{"http":[
              {"name":"main","match":{"hosts":["shop.example"],"exprs":[{"op":"In"}]},"backends":[{"serviceName":"shop-stable","servicePort":80},{"serviceName":"shop-canary","servicePort":80}]},
              {"name":"other","backends":[]}]}}
            """);

        Assert.Null(world.Set(20, routes: """[{"setHeaderRoute":{"name":"beta","match":[{"headerName":"X-Team","headerValue":{"prefix":"qa-"}}]}}]"""));

        Assert.Equal((80, 20), ((int)world["web"]["spec"]!["http"]![0]!["backends"]![0]!["weight"]!, (int)world["web"]["spec"]!["http"]![0]!["backends"]![1]!["weight"]!));
        RoutingWorld.Same(
            """
            [{"name":"main","priority":1,"match":{"hosts":["shop.example"],"exprs":[{"op":"In"},{"subject":{"scope":"Header","name":"X-Team"},"op":"RegexMatch","value":"^qa-.*"}]},
              "backends":[{"serviceName":"shop-canary","servicePort":80,"weight":100}]}]
            """,
            world["beta"]["spec"]!["http"]);
        world["beta"]["metadata"]!["uid"] = "b";
        world.Set(0);
        Assert.False(world.Has("beta"));
    }

    [Fact]
    public void Gateway_routes_are_weighed_in_every_rule_and_marked_meanwhile()
    {
        var world = new RoutingWorld(
            """
            {"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"managedRoutes":[{"name":"beta"}],"plugins":{"argoproj-labs/gatewayAPI":{"httpRoute":"web"}}}}
            """,
            """
            {"kind":"HTTPRoute","metadata":{"name":"web"},"spec":{"rules":[
              {"matches":[{"path":{"type":"PathPrefix","value":"/a"}}],"backendRefs":[{"name":"shop-stable","port":80},{"name":"shop-canary","port":80}]},
              {"backendRefs":[{"name":"shop-stable","port":80},{"name":"shop-canary","port":80},{"name":"legacy","port":80,"weight":5}]},
              {"backendRefs":[{"name":"shop-canary","port":80}]}]}}
            """);

        Assert.Null(world.Set(20, routes: """[{"setHeaderRoute":{"name":"beta","match":[{"headerName":"X-Env","headerValue":{"exact":"beta"}}]}}]"""));

        Assert.Equal("in-progress", world["web"]["metadata"]!["labels"]!["rollouts.argoproj.io/gatewayapi-canary"]!.ToString());
        var rules = world["web"]["spec"]!["rules"]!.AsArray();
        Assert.Equal((80, 20, 80, 5), ((int)rules[0]!["backendRefs"]![0]!["weight"]!, (int)rules[1]!["backendRefs"]![1]!["weight"]!, (int)rules[1]!["backendRefs"]![0]!["weight"]!, (int)rules[1]!["backendRefs"]![2]!["weight"]!));
        Assert.Equal(["beta", "beta-1"], rules.Skip(3).Select(r => r!["name"]!.ToString()));
        RoutingWorld.Same(
            """
            {"name":"beta","matches":[{"path":{"type":"PathPrefix","value":"/a"},"headers":[{"type":"Exact","name":"X-Env","value":"beta"}]}],
             "backendRefs":[{"group":"","kind":"Service","name":"shop-canary","port":80}]}
            """,
            rules[3]);

        world.Set(0);
        Assert.Equal(3, world["web"]["spec"]!["rules"]!.AsArray().Count);
        Assert.Empty(world["web"]["metadata"]!["labels"]!.AsObject());
    }

    [Fact]
    public void Gateway_rules_that_a_server_has_completed_are_left_alone()
    {
        const string Step = """[{"setHeaderRoute":{"name":"beta","match":[{"headerName":"X-Env","headerValue":{"exact":"beta"}}]}}]""";
        var world = new RoutingWorld(
            """{"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"managedRoutes":[{"name":"beta"}],"plugins":{"argoproj-labs/gatewayAPI":{"httpRoute":"web"}}}}""",
            """{"kind":"HTTPRoute","metadata":{"name":"web"},"spec":{"rules":[{"backendRefs":[{"name":"shop-stable","port":80},{"name":"shop-canary","port":80}]}]}}""");
        world.Set(20, routes: Step);
        world["web"]["spec"]!["rules"]![1]!["backendRefs"]![0]!["weight"] = 1;
        var before = world["web"].ToJsonString();

        world.Set(20, routes: Step);

        Assert.Equal(before, world["web"].ToJsonString());
    }

    private static int[] Weights(RoutingWorld world) => [.. world["web"]["spec"]!["http"]![0]!["route"]!.AsArray().Select(d => (int)d!["weight"]!)];

    private static string? Hash(JsonObject node) => node["spec"]!["podSelector"]!["matchLabels"]!["rollouts-pod-template-hash"]?.ToString();
}
