@echo off
rem Runs Maven: the one on the PATH if it is 3.8.6 or newer, else the one that
rem .mvn\wrapper\maven-wrapper.properties names, which is fetched once, checked and kept.
setlocal
set "MVNW_PROJECT=%~dp0"
set "MVNW_MAVEN="
for /f "usebackq delims=" %%m in (`powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0.mvn\wrapper\find-maven.ps1"`) do set "MVNW_MAVEN=%%m"
if not defined MVNW_MAVEN exit /b 1
cd /d "%MVNW_PROJECT%"
call "%MVNW_MAVEN%" %*
exit /b %ERRORLEVEL%
