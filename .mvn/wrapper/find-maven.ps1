# Prints the path of the Maven that mvnw.cmd runs, and fetches it where there is none. See mvnw.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

try {
    $onPath = Get-Command mvn.cmd -ErrorAction SilentlyContinue
    if ($onPath) {
        $about = (& $onPath.Source --version) -join "`n"
        if ($about -match 'Apache Maven (3\.\d+\.\d+)' -and [version]$Matches[1] -ge [version]'3.8.6') {
            $onPath.Source
            exit 0
        }
    }

    $properties = ConvertFrom-StringData (Get-Content -Raw (Join-Path $PSScriptRoot 'maven-wrapper.properties'))
    $version = $properties['version']
    $expected = $properties['sha512.zip']
    $file = "apache-maven-$version-bin.zip"
    $userHome = if ($env:MAVEN_USER_HOME) { $env:MAVEN_USER_HOME } else { Join-Path $HOME '.m2' }
    $dists = Join-Path $userHome 'wrapper/dists'
    $mavenHome = Join-Path $dists "apache-maven-$version-$($expected.Substring(0, 16))"
    $maven = Join-Path $mavenHome 'bin/mvn.cmd'
    if (-not (Test-Path $maven)) {
        $base = if ($env:MVNW_REPOURL) {
            "$($env:MVNW_REPOURL.TrimEnd('/'))/org/apache/maven/apache-maven/$version"
        } else {
            $properties['archive']
        }
        $work = Join-Path $dists "fetch.$PID"
        New-Item -ItemType Directory -Force $work | Out-Null
        try {
            [Console]::Error.WriteLine("mvnw: fetching Maven $version from $base/$file")
            Invoke-WebRequest -UseBasicParsing -Uri "$base/$file" -OutFile (Join-Path $work $file)
            $actual = (Get-FileHash -Algorithm SHA512 (Join-Path $work $file)).Hash
            if ($actual -ne $expected) {
                throw "$base/$file has SHA-512 $actual, but $expected was expected; it is not used"
            }
            Expand-Archive (Join-Path $work $file) $work
            Move-Item (Join-Path $work "apache-maven-$version") $mavenHome
        } finally {
            Remove-Item -Recurse -Force $work
        }
    }
    $maven
} catch {
    [Console]::Error.WriteLine("mvnw: $_")
    exit 1
}
