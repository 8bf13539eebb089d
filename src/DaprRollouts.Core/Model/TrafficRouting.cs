using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Model;

/// <summary>Which products share traffic out between canary and stable.</summary>
public sealed record TrafficRouting
{
    public AlbTrafficRouting? Alb { get; init; }

    public AmbassadorTrafficRouting? Ambassador { get; init; }

    public ApisixTrafficRouting? Apisix { get; init; }

    public AppMeshTrafficRouting? AppMesh { get; init; }

    public IstioTrafficRouting? Istio { get; init; }

    public IReadOnlyList<ManagedRoute>? ManagedRoutes { get; init; }

    /// <summary>The weight that means all traffic; 100 if absent.</summary>
    public int? MaxTrafficWeight { get; init; }

    public NginxTrafficRouting? Nginx { get; init; }

    public JsonObject? Plugins { get; init; }

    public SmiTrafficRouting? Smi { get; init; }

    public TraefikTrafficRouting? Traefik { get; init; }
}

/// <summary>A route that the controller may make and remove.</summary>
public sealed record ManagedRoute
{
    [RequiredField]
    public string? Name { get; init; }
}

/// <summary>AWS load balancers.</summary>
public sealed record AlbTrafficRouting
{
    public string? AnnotationPrefix { get; init; }

    public string? Ingress { get; init; }

    public IReadOnlyList<string>? Ingresses { get; init; }

    public string? RootService { get; init; }

    [RequiredField]
    public int? ServicePort { get; init; }

    public StickinessConfig? StickinessConfig { get; init; }
}

/// <summary>Keeps a client on the target group that it met first.</summary>
public sealed record StickinessConfig
{
    [RequiredField]
    public long? DurationSeconds { get; init; }

    [RequiredField]
    public bool? Enabled { get; init; }
}

/// <summary>Ambassador (Emissary) mappings.</summary>
public sealed record AmbassadorTrafficRouting
{
    [RequiredField]
    public IReadOnlyList<string>? Mappings { get; init; }
}

/// <summary>Apache APISIX routes.</summary>
public sealed record ApisixTrafficRouting
{
    public ApisixRoute? Route { get; init; }
}

/// <summary>An ApisixRoute and the rules in it.</summary>
public sealed record ApisixRoute
{
    [RequiredField]
    public string? Name { get; init; }

    public IReadOnlyList<string>? Rules { get; init; }
}

/// <summary>AWS App Mesh.</summary>
public sealed record AppMeshTrafficRouting
{
    public AppMeshVirtualNodeGroup? VirtualNodeGroup { get; init; }

    public AppMeshVirtualService? VirtualService { get; init; }
}

/// <summary>The two virtual nodes.</summary>
public sealed record AppMeshVirtualNodeGroup
{
    [RequiredField]
    public AppMeshVirtualNodeRef? CanaryVirtualNodeRef { get; init; }

    [RequiredField]
    public AppMeshVirtualNodeRef? StableVirtualNodeRef { get; init; }
}

/// <summary>A virtual node by name.</summary>
public sealed record AppMeshVirtualNodeRef
{
    [RequiredField]
    public string? Name { get; init; }
}

/// <summary>A virtual service and the routes in it.</summary>
public sealed record AppMeshVirtualService
{
    [RequiredField]
    public string? Name { get; init; }

    public IReadOnlyList<string>? Routes { get; init; }
}

/// <summary>Istio virtual services and destination rules.</summary>
public sealed record IstioTrafficRouting
{
    public IstioDestinationRule? DestinationRule { get; init; }

    public IstioVirtualService? VirtualService { get; init; }

    public IReadOnlyList<IstioVirtualService>? VirtualServices { get; init; }
}

/// <summary>A DestinationRule and the subsets in it.</summary>
public sealed record IstioDestinationRule
{
    public IReadOnlyList<string>? AdditionalSubsetNames { get; init; }

    [RequiredField]
    public string? CanarySubsetName { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    [RequiredField]
    public string? StableSubsetName { get; init; }
}

/// <summary>A VirtualService and the routes in it.</summary>
public sealed record IstioVirtualService
{
    [RequiredField]
    public string? Name { get; init; }

    public IReadOnlyList<string>? Routes { get; init; }

    public IReadOnlyList<IstioTcpRoute>? TcpRoutes { get; init; }

    public IReadOnlyList<IstioTlsRoute>? TlsRoutes { get; init; }
}

/// <summary>A TCP route by its port.</summary>
public sealed record IstioTcpRoute
{
    public long? Port { get; init; }
}

/// <summary>A TLS route by its port and server names.</summary>
public sealed record IstioTlsRoute
{
    public long? Port { get; init; }

    public IReadOnlyList<string>? SniHosts { get; init; }
}

/// <summary>NGINX ingresses.</summary>
public sealed record NginxTrafficRouting
{
    public IReadOnlyDictionary<string, string>? AdditionalIngressAnnotations { get; init; }

    public string? AnnotationPrefix { get; init; }

    public IReadOnlyDictionary<string, string>? CanaryIngressAnnotations { get; init; }

    public string? StableIngress { get; init; }

    public IReadOnlyList<string>? StableIngresses { get; init; }
}

/// <summary>SMI traffic splits.</summary>
public sealed record SmiTrafficRouting
{
    public string? RootService { get; init; }

    public string? TrafficSplitName { get; init; }
}

/// <summary>Traefik services.</summary>
public sealed record TraefikTrafficRouting
{
    [RequiredField]
    public string? WeightedTraefikServiceName { get; init; }
}
