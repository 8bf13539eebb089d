using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Routing;

public sealed class IngressRoutersTests
{
    private const string Nginx = """{"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"nginx":{"stableIngress":"shop-ing"}}}""";

    private const string Alb = """
        {"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"managedRoutes":[{"name":"beta-users"}],
         "alb":{"ingress":"shop-ing","rootService":"shop-root","servicePort":443}}}
        """;

    private const string AlbIngress = """
        {"kind":"Ingress","metadata":{"name":"shop-ing","annotations":{"example.org/owner":"team-a"}},
         "spec":{"rules":[{"http":{"paths":[{"path":"/","backend":{"service":{"name":"shop-root","port":{"name":"use-annotation"}}}}]}}]}}
        """;

    private const string Header = """[{"setHeaderRoute":{"name":"beta-users","match":[{"headerName":"X-Env","headerValue":{"exact":"beta"}},{"headerName":"X-Env","headerValue":{"exact":"qa"}}]}}]""";

    private static string Ingress(string name = "shop-ing") => $$$$$"""
        {"kind":"Ingress","metadata":{"name":"{{{{{name}}}}}","annotations":{"kubernetes.io/ingress.class":"nginx","example.org/owner":"team-a"}},
         "spec":{"tls":[{"secretName":"cert"}],"rules":[
          {"host":"shop.example","http":{"paths":[
            {"path":"/","pathType":"Prefix","backend":{"service":{"name":"shop-stable","port":{"number":80}}}},
            {"path":"/img","pathType":"Prefix","backend":{"service":{"name":"images","port":{"number":80}}}}]}},
          {"host":"admin.example","http":{"paths":[{"path":"/","backend":{"service":{"name":"admin","port":{"number":80}}}}]}},
          {"host":"empty.example"}]}}
        """;

    [Fact]
    public void Nginx_gets_a_canary_ingress_beside_the_stable_one()
    {
        var world = new RoutingWorld(Nginx, Ingress());

        Assert.Null(world.Set(20));

        RoutingWorld.Same(
            """
            {"name":"shop-shop-ing-canary",
             "annotations":{"kubernetes.io/ingress.class":"nginx","nginx.ingress.kubernetes.io/canary":"true","nginx.ingress.kubernetes.io/canary-weight":"20"},
             "ownerReferences":[{"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","name":"shop","uid":"u-1","controller":true,"blockOwnerDeletion":true}]}
            """,
            world["shop-shop-ing-canary"]["metadata"]);
        RoutingWorld.Same(
            """
            {"tls":[{"secretName":"cert"}],"rules":[{"host":"shop.example","http":{"paths":[
              {"path":"/","pathType":"Prefix","backend":{"service":{"name":"shop-canary","port":{"number":80}}}},
              {"path":"/img","pathType":"Prefix","backend":{"service":{"name":"images","port":{"number":80}}}}]}}]}
            """,
            world["shop-shop-ing-canary"]["spec"]);
        RoutingWorld.Same(Ingress(), world["shop-ing"]);
        Assert.Equal("CreatingCanaryIngress", Assert.Single(world.Notices).Reason);
    }

    [Fact]
    public void Nginx_keeps_what_others_put_on_the_canary_ingress()
    {
        var world = new RoutingWorld(Nginx, Ingress());
        world.Set(0);
        world["shop-shop-ing-canary"]["metadata"]!["annotations"]!["example.org/seen"] = "yes";
        world["shop-shop-ing-canary"]["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["a"] = "b" };

        world.Set(100);

        var metadata = world["shop-shop-ing-canary"]["metadata"]!;
        Assert.Equal(("yes", "b", "100"), (
            metadata["annotations"]!["example.org/seen"]!.ToString(), metadata["labels"]!["a"]!.ToString(),
            metadata["annotations"]!["nginx.ingress.kubernetes.io/canary-weight"]!.ToString()));
    }

    [Fact]
    public void Nginx_settings_become_annotations()
    {
        var world = new RoutingWorld(
            """
            {"canaryService":"shop-canary","stableService":"shop-stable","trafficRouting":{"maxTrafficWeight":1000,"nginx":{"stableIngress":"shop-ing","annotationPrefix":"ours",
             "additionalIngressAnnotations":{"canary-by-header":"X-Canary","ours/x":"1"},"canaryIngressAnnotations":{"plain":"2"}}}}
            """,
            Ingress());

        world.Set(250);

        RoutingWorld.Same(
            """{"kubernetes.io/ingress.class":"nginx","ours/canary-by-header":"X-Canary","ours/x":"1","plain":"2","ours/canary":"true","ours/canary-weight":"250","ours/canary-weight-total":"1000"}""",
            world["shop-shop-ing-canary"]["metadata"]!["annotations"]);
    }

    [Fact]
    public void A_canary_ingress_of_somebody_else_is_not_touched()
    {
        var world = new RoutingWorld(Nginx, Ingress(), Ingress("shop-shop-ing-canary"));

        Assert.Contains("does not belong to this Rollout", world.Set(20));
    }

    [Theory]
    [InlineData(241, 253)]
    [InlineData(242, 253)]
    [InlineData(10, 22)]
    public void Names_of_canary_ingresses_keep_within_what_kubernetes_allows(int length, int longest)
    {
        var name = new string('i', length);
        var world = new RoutingWorld(Nginx.Replace("shop-ing", name), Ingress(name));

        world.Set(10);

        Assert.True(world.Has(("shop-" + name)[..Math.Min(246, length + 5)] + "-canary"));
        Assert.Equal(longest, Math.Min(246, length + 5) + 7);
    }

    [Fact]
    public void Ingresses_that_are_missing_or_lead_elsewhere_are_named()
    {
        Assert.Equal(
            "spec.strategy.canary.trafficRouting.nginx.stableIngress: Invalid value: \"shop-ing\": ingress.networking.k8s.io \"shop-ing\" not found", new RoutingWorld(Nginx).Error);
        Assert.Contains("ingress `shop-ing` has no rules using service shop-stable backend", new RoutingWorld(Nginx, Ingress().Replace("shop-stable", "other")).Error);
        Assert.Contains("Neither are configured.", new RoutingWorld(Nginx.Replace("\"stableIngress\":\"shop-ing\"", "")).Error);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(20, 80)]
    [InlineData(100, 0)]
    public void Alb_annotations_are_those_that_argo_writes(int canary, int stable)
    {
        var world = new RoutingWorld(Alb, AlbIngress);

        world.Set(canary);

        var annotations = world["shop-ing"]["metadata"]!["annotations"]!;
        Assert.Equal(
            $$$"""{"Type":"forward","ForwardConfig":{"TargetGroups":[{"ServiceName":"shop-canary","ServicePort":"443","Weight":{{{canary}}}},{"ServiceName":"shop-stable","ServicePort":"443","Weight":{{{stable}}}}]}}""",
            annotations["alb.ingress.kubernetes.io/actions.shop-root"]!.ToString());
        Assert.Equal("""{"shop":["alb.ingress.kubernetes.io/actions.shop-root"]}""", annotations["rollouts.argoproj.io/managed-alb-annotations"]!.ToString());
        Assert.Equal("team-a", annotations["example.org/owner"]!.ToString());
    }

    [Fact]
    public void Alb_header_routes_come_and_go_with_their_path()
    {
        var world = new RoutingWorld(Alb, AlbIngress);
        world.Set(10, routes: Header);

        var annotations = world["shop-ing"]["metadata"]!["annotations"]!;
        Assert.Equal(
            """[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"X-Env","values":["beta","qa"]}}]""",
            annotations["alb.ingress.kubernetes.io/conditions.beta-users"]!.ToString());
        RoutingWorld.Same(
            """
            [{"path":"/*","pathType":"ImplementationSpecific","backend":{"service":{"name":"beta-users","port":{"name":"use-annotation"}}}},
             {"path":"/","backend":{"service":{"name":"shop-root","port":{"name":"use-annotation"}}}}]
            """,
            world["shop-ing"]["spec"]!["rules"]![0]!["http"]!["paths"]);

        world.Set(0);

        annotations = world["shop-ing"]["metadata"]!["annotations"]!;
        Assert.Null(annotations["alb.ingress.kubernetes.io/conditions.beta-users"]);
        Assert.Single(world["shop-ing"]["spec"]!["rules"]![0]!["http"]!["paths"]!.AsArray());
        Assert.Equal("""{"shop":["alb.ingress.kubernetes.io/actions.shop-root"]}""", annotations["rollouts.argoproj.io/managed-alb-annotations"]!.ToString());
    }

    [Fact]
    public void Alb_stickiness_and_special_characters_are_written_as_go_does()
    {
        var world = new RoutingWorld(Alb.Replace("\"servicePort\":443", "\"servicePort\":443,\"stickinessConfig\":{\"enabled\":true,\"durationSeconds\":3600}"), AlbIngress);

        world.Set(20, routes: Header.Replace("\"qa\"", "\"<a&b>é\""));

        var annotations = world["shop-ing"]["metadata"]!["annotations"]!;
        Assert.EndsWith(
            """TargetGroupStickinessConfig":{"Enabled":true,"DurationSeconds":3600}}}""",
            annotations["alb.ingress.kubernetes.io/actions.shop-root"]!.ToString());
        Assert.Contains("""\u003ca\u0026b\u003eé""", annotations["alb.ingress.kubernetes.io/conditions.beta-users"]!.ToString());
    }

    [Fact]
    public void An_alb_annotation_that_cannot_be_read_is_named()
    {
        var world = new RoutingWorld(Alb, AlbIngress.Replace("\"example.org/owner\":\"team-a\"", "\"rollouts.argoproj.io/managed-alb-annotations\":\"{\""));

        Assert.Contains("managed-alb-annotations cannot be read", world.Set(20));
    }

    [Fact]
    public void Experiments_take_their_share_from_stable()
    {
        var world = new RoutingWorld(Alb, AlbIngress);

        world.Set(20, additional: new WeightDestination { ServiceName = "shop-exp", Weight = 10 });

        Assert.Contains(
            """shop-exp","ServicePort":"443","Weight":10},{"ServiceName":"shop-stable","ServicePort":"443","Weight":70}""",
            world["shop-ing"]["metadata"]!["annotations"]!["alb.ingress.kubernetes.io/actions.shop-root"]!.ToString());
    }
}
